// Package lines is how a peer talks: one JSON line per JSON line, in order. A refusal names the stage it came from and keeps
// the words of the library; a panic of the library is an answer like any other, marked "panic".
//
//	{"accepted": true, "read": …}
//	{"accepted": false, "stage": "decode", "error": "…"}
package lines

import (
	"bufio"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

type verdict struct {
	Accepted bool   `json:"accepted"`
	Stage    string `json:"stage,omitempty"`
	Error    string `json:"error,omitempty"`
	Panic    bool   `json:"panic,omitempty"`
	Read     any    `json:"read,omitempty"`
}

// A Judge names the stage that it has reached before it enters it, so that a panic is blamed on the right one. The first,
// in which files of the request are read, is "input".
type Judge func(line []byte, stage *string) (read any, err error)

// Serve answers standard input until it ends.
func Serve(judge Judge) {
	requests := bufio.NewScanner(os.Stdin)
	requests.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for requests.Scan() {
		if err := answers.Encode(answer(judge, requests.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := requests.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(judge Judge, line []byte) (v verdict) {
	stage := "input"
	defer func() {
		if p := recover(); p != nil {
			v = verdict{Stage: stage, Error: fmt.Sprint(p), Panic: true}
		}
	}()
	read, err := judge(line, &stage)
	if err != nil {
		return verdict{Stage: stage, Error: err.Error()}
	}
	return verdict{Accepted: true, Read: read}
}

// Key reads a public key: SubjectPublicKeyInfo as PEM.
func Key(path string) (crypto.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New(path + ": no PEM")
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}
