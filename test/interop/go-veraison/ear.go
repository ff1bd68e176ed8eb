package main

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/veraison/ear"

	lines "swcca/test/interop/go-lines"
)

// An attestation result and the key of whoever gave it:
//
//	{"ear": "result.jwt", "signer": "ear-key.pem", "algorithm": "ES256"}
type earRequest struct {
	Ear       string `json:"ear"`
	Signer    string `json:"signer"`
	Algorithm string `json:"algorithm"`
}

// What the library reads of it. Status is the one that is claimed, Warranted the one that the trust vector allows.
type earRead struct {
	Nonce   *string               `json:"nonce,omitempty"`
	Build   *string               `json:"build,omitempty"`
	Submods map[string]earSubmods `json:"submods"`
}

type earSubmods struct {
	Status    string         `json:"status"`
	Warranted string         `json:"warranted"`
	Vector    map[string]int `json:"vector"`
}

func readEar(line []byte, stage *string) (any, error) {
	var r earRequest
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(r.Ear)
	if err != nil {
		return nil, err
	}
	key, err := lines.Key(r.Signer)
	if err != nil {
		return nil, err
	}
	*stage = "verify"
	var result ear.AttestationResult
	if err := result.Verify([]byte(strings.TrimSpace(string(data))), jwa.KeyAlgorithmFrom(r.Algorithm), key); err != nil {
		return nil, err
	}
	*stage = "validate"
	if _, err := result.MarshalJSON(); err != nil {
		return nil, err
	}
	found := earRead{Nonce: result.Nonce, Submods: map[string]earSubmods{}}
	if result.VerifierID != nil {
		found.Build = result.VerifierID.Build
	}
	for name, appraisal := range result.Submods {
		claimed := appraisal.Status.String()
		vector := map[string]int{}
		// What is warranted starts from the best and goes down by the vector.
		best := ear.TrustTierNone
		warranted := ear.Appraisal{Status: &best, TrustVector: appraisal.TrustVector}
		if appraisal.TrustVector != nil {
			for claim, value := range appraisal.TrustVector.AsMap() {
				vector[claim] = int(value)
			}
			warranted.UpdateStatusFromTrustVector()
		}
		found.Submods[name] = earSubmods{Status: claimed, Warranted: warranted.Status.String(), Vector: vector}
	}
	return found, nil
}
