// Command go-corim reads CoRIMs and CoMIDs of the profiles before 2025 with the release v1.1.2 of
// github.com/veraison/corim, which knows them as they were when those profiles were in use.
//
// Each line of standard input is a CoRIM, signed when there is a signer, or a template for cocli:
//
//	{"corim": "platform.signed.cbor", "signer": "corim-signer.pem"}
//	{"template": "comid-platform-refval.json"}
//
// What is read is the profile and, as the library writes them again, the CoMIDs in hexadecimal. Stages: "input", "decode",
// "validate" and "verify".
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"

	"github.com/veraison/corim/comid"
	"github.com/veraison/corim/corim"

	lines "swcca/test/interop/go-lines"
)

type request struct {
	Corim    string `json:"corim"`
	Signer   string `json:"signer"`
	Template string `json:"template"`
}

type read struct {
	Profile string   `json:"profile,omitempty"`
	Comids  []string `json:"comids"`
}

func main() {
	lines.Serve(func(line []byte, stage *string) (any, error) {
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, err
		}
		if r.Template != "" {
			return readTemplate(r.Template, stage)
		}
		return readCorim(r, stage)
	})
}

func readCorim(r request, stage *string) (*read, error) {
	data, err := os.ReadFile(r.Corim)
	if err != nil {
		return nil, err
	}
	unsigned, err := open(data, r.Signer, stage)
	if err != nil {
		return nil, err
	}
	*stage = "validate"
	if err := unsigned.Valid(); err != nil {
		return nil, err
	}
	if unsigned.Profiles == nil || len(*unsigned.Profiles) != 1 {
		return nil, errors.New("not one profile")
	}
	name, err := (*unsigned.Profiles)[0].Get()
	if err != nil {
		return nil, err
	}
	found := read{Profile: name}
	for _, tag := range unsigned.Tags {
		*stage = "decode"
		content, ok := bytes.CutPrefix(tag, corim.ComidTag)
		if !ok {
			return nil, errors.New("a tag that is not a CoMID")
		}
		var statement comid.Comid
		if err := statement.FromCBOR(content); err != nil {
			return nil, err
		}
		if err := found.add(statement, stage); err != nil {
			return nil, err
		}
	}
	return &found, nil
}

func open(data []byte, signer string, stage *string) (*corim.UnsignedCorim, error) {
	*stage = "decode"
	var signed corim.SignedCorim
	if signer == "" {
		return &signed.UnsignedCorim, signed.UnsignedCorim.FromCBOR(data)
	}
	key, err := lines.Key(signer)
	if err != nil {
		return nil, err
	}
	if err := signed.FromCOSE(data); err != nil {
		return nil, err
	}
	*stage = "verify"
	return &signed.UnsignedCorim, signed.Verify(key)
}

func readTemplate(path string, stage *string) (*read, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	*stage = "decode"
	var statement comid.Comid
	if err := statement.FromJSON(text); err != nil {
		return nil, err
	}
	var found read
	return &found, found.add(statement, stage)
}

func (found *read) add(statement comid.Comid, stage *string) error {
	*stage = "validate"
	if err := statement.Valid(); err != nil {
		return err
	}
	data, err := statement.ToCBOR()
	found.Comids = append(found.Comids, hex.EncodeToString(data))
	return err
}
