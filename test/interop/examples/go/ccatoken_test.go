// A test in Go that takes its tokens from swcca: those that a verifier has to accept, and those that it has to refuse.
//
//	SWCCA="npx swcca" go test ./...
//
// The verifier is github.com/veraison/ccatoken; put your own in its place.
package example

import (
	"crypto"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/veraison/ccatoken"
)

// described is what swcca says of a token, in the file beside it.
type described struct {
	ID      string `json:"id"`
	Verdict string `json:"verdict"`
	Change  string `json:"change"`
	Given   struct {
		Key string `json:"key"`
	} `json:"given"`
}

// corpus lets swcca write tokens into a folder that is gone after the test.
func corpus(t *testing.T, ids ...string) string {
	t.Helper()
	swcca := os.Getenv("SWCCA")
	if swcca == "" {
		swcca = "npx swcca"
	}
	folder := filepath.Join(t.TempDir(), "corpus")
	words := append(strings.Fields(swcca), "corpus", "--only", strings.Join(ids, ","), "--out", folder)
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return folder
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func verify(token []byte, key crypto.PublicKey) error {
	evidence, err := ccatoken.DecodeEvidenceFromCBOR(token)
	if err != nil {
		return err
	}
	if err := evidence.Validate(); err != nil {
		return err
	}
	return evidence.Verify(key)
}

func TestVerdicts(t *testing.T) {
	ids := []string{"V01", "V03", "C01", "C02", "C03", "C04", "N01"}
	folder := corpus(t, ids...)
	for _, id := range ids {
		var is described
		if err := json.Unmarshal(read(t, folder, id+".json"), &is); err != nil {
			t.Fatal(err)
		}
		t.Run(id+" "+is.Change, func(t *testing.T) {
			parsed, err := jwk.ParseKey(read(t, folder, is.Given.Key+".jwk.json"))
			if err != nil {
				t.Fatal(err)
			}
			var key crypto.PublicKey
			if err := parsed.Raw(&key); err != nil {
				t.Fatal(err)
			}
			err = verify(read(t, folder, id+".cbor"), key)
			if accepted := err == nil; accepted != (is.Verdict == "must-accept") {
				t.Errorf("%s, and the verifier says %v", is.Verdict, err)
			}
		})
	}
}
