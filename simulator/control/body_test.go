package control

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestBodiesThatAreRefused(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"no JSON", "advance=30m", `the body is not a JSON object: invalid character 'a' looking for beginning of value; expected one such as {"key":"value"}`},
		{"an array", `[]`, `the body is not a JSON object: it begins with [; expected one such as {"key":"value"}`},
		{"null", `null`, `the body is not a JSON object: it is null; expected one such as {"key":"value"}`},
		{"truncated", `{"advance":"30m"`, `the body is not a JSON object: unexpected EOF; expected one such as {"key":"value"}`},
		{"more follows", `{"run":true}{}`, `the body is not a JSON object: something follows the object; expected one such as {"key":"value"}`},
		{"unknown", `{"advanse":"30m"}`, `advanse: unknown field; expected one of advance, set, freeze, run; did you mean "advance"?`},
		{"letter case", `{"Run":true}`, `Run: unknown field; expected one of advance, set, freeze, run; did you mean "run"?`},
		{"twice", `{"run":true,"run":false}`, "run: is there twice; expected it once"},
		{"type", `{"run":"yes"}`, "run: found string; expected true or false"},
		{"empty", `{"set":""}`, "set: is empty; expected a text, or no such field"},
		{"duration", `{"advance":"soon"}`, `advance: found "soon"; expected a duration such as "30m1s"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := parse[clockMove]([]byte(test.body))
			g.Expect(err).To(MatchError(test.want))
		})
	}
}

func TestTypesAndSizesOfBodies(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		kind, body string
		status     int
	}{
		{"application/json; charset=utf-8", `{"freeze":true}`, 200},
		{"application/x-www-form-urlencoded", `{"freeze":true}`, 200}, // curl -d
		{"", `{"freeze":true}`, 200},
		{"text/plain", `{"freeze":true}`, 415},
		{"multipart/form-data; boundary=x", `{"freeze":true}`, 415},
		{"application/json", strings.Repeat(" ", maxBody+1), 413},
	} {
		status, _, body := w.raw("POST", "/clock", test.body, "Content-Type", test.kind)
		w.Expect(status).To(Equal(test.status), test.kind+" "+body)
	}
}

func TestWhatIsNotThereIsSaidInJSON(t *testing.T) {
	w := newWorld(t)
	status, header, body := w.raw("GET", "/clok", "")
	w.Expect(status).To(Equal(404))
	w.Expect(header.Get("Content-Type")).To(Equal("application/json"))
	w.Expect(w.wrong(body).Message).To(Equal("there is nothing at /clok"))
	status, header, body = w.raw("POST", "/sites", "")
	w.Expect(status).To(Equal(405))
	w.Expect(header.Get("Allow")).To(Equal("GET"))
	w.Expect(w.wrong(body).Expected).To(Equal("GET"))
	status, _, body = w.raw("GET", "/sites/acme/sessions?hots=alice", "")
	w.Expect(status).To(Equal(400))
	w.Expect(w.wrong(body).Expected).To(Equal(`one of host, limit; did you mean "host"?`))
}

// A script whose variable is not set means one site, or one host.
func TestWhatNamesNothingIsNotTakenForAll(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct{ method, path, body, want string }{
		{"POST", "/reset", `{"site":""}`, "site: is empty; expected a text, or no such field"},
		{"POST", "/reset?site=acme", "", "site: unknown parameter; expected none, and what there is to say in the body of a POST, PUT or PATCH"},
		{"POST", "/sites/acme/sessions/revoke", `{"host":""}`, "host: is empty; expected a text, or no such field"},
		{"GET", "/sites/acme/sessions?host=", "", "host: is empty; expected a value, or no such parameter"},
		{"GET", "/journal?limit=", "", "limit: is empty; expected a value, or no such parameter"},
		{"POST", "/faults", `{"site":"","reason":"Timeout"}`, "site: is empty; expected a text, or no such field"},
		{"DELETE", "/faults?site=", "", "site: is empty; expected a value, or no such parameter"},
		{"DELETE", "/faults?sites=acme", "", `sites: unknown parameter; expected site; did you mean "site"?`},
	} {
		status, _, body := w.raw(test.method, test.path, test.body)
		w.Expect(status).To(Equal(400), test.path)
		wrong := w.wrong(body)
		w.Expect(wrong.Error()).To(Equal(test.want), test.path)
	}
}

// Whatever comes, the answer is a value or an Error that says what was expected, and a value is read back as it was.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"advance":"30m1s"}`, `{"set":"2026-03-02T09:00:00Z"}`, `{"site":"acme","share":0.25,"cookies":{"ticket":{"Secure":false}}}`,
		`{"webexId":"zoe","password":"x","email":"\ud800"}`, `{"active":null,"locked":true}`, `{"profile":"lax"}`, `{"phase":"ended"}`, `[`, `{"a":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzed[clockMove](t, body)
		fuzzed[Fault](t, body)
		fuzzed[NewAccount](t, body)
		fuzzed[AccountChange](t, body)
		fuzzed[MeetingChange](t, body)
		fuzzed[profile](t, body)
		fuzzed[reset](t, body)
	})
}

func fuzzed[T any](t *testing.T, body []byte) {
	value, err := parse[T](body)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Status != 400 || e.Message == "" || e.Expected == "" {
			t.Fatalf("%T: %v", value, err)
		}
		return
	}
	once, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	again, err := parse[T](once)
	if err != nil {
		t.Fatalf("%s of %s: %v", once, body, err)
	}
	if twice, _ := json.Marshal(again); string(twice) != string(once) {
		t.Fatalf("%s became %s", once, twice)
	}
}
