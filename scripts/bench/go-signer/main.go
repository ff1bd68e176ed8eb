// Command go-signer signs the claims of a CCA token again and again with github.com/veraison/ccatoken, both tokens each
// time, and prints the milliseconds of processor time that one took:
//
//	go-signer token.cbor 500
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"github.com/veraison/ccatoken"
	cose "github.com/veraison/go-cose"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func signer() cose.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	check(err)
	made, err := cose.NewSigner(cose.AlgorithmES384, key)
	check(err)
	return made
}

// processorSeconds is what this process used so far, on all cores.
func processorSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func main() {
	token, err := os.ReadFile(os.Args[1])
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	evidence, err := ccatoken.DecodeEvidenceFromCBOR(token)
	check(err)
	platform, realm := signer(), signer()
	start := processorSeconds()
	for i := 0; i < count; i++ {
		_, err := evidence.Sign(platform, realm)
		check(err)
	}
	fmt.Println((processorSeconds() - start) * 1000 / float64(count))
}
