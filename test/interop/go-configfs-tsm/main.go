// Fetches reports as an attester does that knows nothing of swcca: for each challenge on standard input (hexadecimal, one
// a line) a line of JSON with the report, or with the error that the library gives.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"

	"github.com/google/go-configfs-tsm/configfs/linuxtsm"
	"github.com/google/go-configfs-tsm/report"
)

type answer struct {
	Provider string `json:"provider"`
	Outblob  string `json:"outblob"`
	Error    string `json:"error"`
}

func fetch(challenge []byte) answer {
	client, err := linuxtsm.MakeClient()
	if err != nil {
		return answer{Error: err.Error()}
	}
	response, err := report.Get(client, &report.Request{InBlob: challenge})
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Provider: response.Provider, Outblob: hex.EncodeToString(response.OutBlob)}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		challenge, err := hex.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		if err := out.Encode(fetch(challenge)); err != nil {
			panic(err)
		}
	}
}
