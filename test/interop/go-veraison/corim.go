package main

import (
	"encoding/hex"
	"encoding/json"
	"os"

	"github.com/veraison/corim/corim"

	// The profiles of 2025 put their rules into the library when they are loaded.
	_ "github.com/veraison/corim/profiles/cca"

	lines "swcca/test/interop/go-lines"
)

// A CoRIM, signed when there is a signer:
//
//	{"corim": "platform.signed.cbor", "signer": "corim-signer.pem"}
type corimRequest struct {
	Corim  string `json:"corim"`
	Signer string `json:"signer"`
}

// The profile and, as the library writes them again, the CoMIDs in hexadecimal.
type corimRead struct {
	Profile string   `json:"profile,omitempty"`
	Comids  []string `json:"comids"`
}

// Stages: "input", "decode", "verify" and "validate".
func readCorim(line []byte, stage *string) (any, error) {
	var r corimRequest
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, err
	}
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
	var found corimRead
	if unsigned.Profile != nil {
		if found.Profile, err = unsigned.Profile.Get(); err != nil {
			return nil, err
		}
	}
	for _, tag := range unsigned.Tags {
		*stage = "decode"
		statement, err := corim.UnmarshalComidFromCBOR(tag.Content, unsigned.Profile)
		if err != nil {
			return nil, err
		}
		*stage = "validate"
		if err := statement.Valid(); err != nil {
			return nil, err
		}
		again, err := statement.ToCBOR()
		if err != nil {
			return nil, err
		}
		found.Comids = append(found.Comids, hex.EncodeToString(again))
	}
	return found, nil
}

func open(data []byte, signer string, stage *string) (*corim.UnsignedCorim, error) {
	*stage = "decode"
	if signer == "" {
		return corim.UnmarshalUnsignedCorimFromCBOR(data)
	}
	key, err := lines.Key(signer)
	if err != nil {
		return nil, err
	}
	signed, err := corim.UnmarshalSignedCorimFromCBOR(data)
	if err != nil {
		return nil, err
	}
	*stage = "verify"
	return &signed.UnsignedCorim, signed.Verify(key)
}
