// Command go-veraison reads what swcca makes for Veraison with Veraison's own libraries: `go-veraison corim` with
// github.com/veraison/corim, as it was when the profiles of 2025 came into it, and `go-veraison ear` with
// github.com/veraison/ear. corim.go and ear.go say what a line of standard input is and what is read of it.
package main

import (
	"fmt"
	"os"

	lines "swcca/test/interop/go-lines"
)

func main() {
	judges := map[string]lines.Judge{"corim": readCorim, "ear": readEar}
	if len(os.Args) != 2 || judges[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: go-veraison corim|ear")
		os.Exit(2)
	}
	lines.Serve(judges[os.Args[1]])
}
