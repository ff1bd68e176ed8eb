// Command go-ccatoken judges CCA tokens with github.com/veraison/ccatoken.
//
// Each line of standard input names a token and the platform's public key:
//
//	{"token": "token.cbor", "key": "cpak.jwk.json"}
//
// and each is answered, in order, by one line of standard output:
//
//	{"accepted": false, "stage": "verify", "error": "unable to verify platform token: verification error"}
//
// Stages: "input" (a file of the request cannot be read), then those of the library, "decode", "validate" and
// "verify". A panic of the library is an answer like any other, marked "panic".
package main

import (
	"bufio"
	"crypto"
	"encoding/json"
	"fmt"
	"os"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/veraison/ccatoken"
)

type request struct {
	Token string `json:"token"`
	Key   string `json:"key"`
}

type verdict struct {
	Accepted bool   `json:"accepted"`
	Stage    string `json:"stage,omitempty"`
	Error    string `json:"error,omitempty"`
	Panic    bool   `json:"panic,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(judge(lines.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// judge names the stage that it has reached before it enters it, so that a panic is blamed on the right one.
func judge(line []byte) (v verdict) {
	v.Stage = "input"
	defer func() {
		if p := recover(); p != nil {
			v.Panic = true
			v.Error = fmt.Sprint(p)
		}
	}()

	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		v.Error = err.Error()
		return v
	}
	token, err := os.ReadFile(r.Token)
	if err != nil {
		v.Error = err.Error()
		return v
	}
	key, err := readKey(r.Key)
	if err != nil {
		v.Error = err.Error()
		return v
	}

	v.Stage = "decode"
	evidence, err := ccatoken.DecodeEvidenceFromCBOR(token)
	if err != nil {
		v.Error = err.Error()
		return v
	}
	v.Stage = "validate"
	if err := evidence.Validate(); err != nil {
		v.Error = err.Error()
		return v
	}
	v.Stage = "verify"
	if err := evidence.Verify(key); err != nil {
		v.Error = err.Error()
		return v
	}
	return verdict{Accepted: true}
}

func readKey(path string) (crypto.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parsed, err := jwk.ParseKey(text)
	if err != nil {
		return nil, err
	}
	public, err := parsed.PublicKey()
	if err != nil {
		return nil, err
	}
	var key crypto.PublicKey
	if err := public.Raw(&key); err != nil {
		return nil, err
	}
	return key, nil
}
