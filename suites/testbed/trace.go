package testbed

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/redact"
)

// rawTrace is where a station's browser writes its trace, in a folder that goes with it: what lies at Case.Trace never held a secret.
func (s *Station) rawTrace() string { return filepath.Join(s.dir, "trace.zip") }

// keepTrace writes the trace that the browser left to where the case wants it, without its secrets, and says so in the result.
func (s *Station) keepTrace(c Case, res *Result) error {
	if c.Trace == "" || s.dir == "" { // no browser was there to write one
		return nil
	}
	raw, err := os.ReadFile(s.rawTrace())
	if errors.Is(err, os.ErrNotExist) { // not every engine writes one
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(s.rawTrace()); err != nil { // the next case may write none
		return err
	}
	trace, err := redactTrace(raw)
	if err != nil {
		return fmt.Errorf("the trace that the browser wrote: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(c.Trace), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(c.Trace, trace, 0o644); err != nil {
		return err
	}
	res.Trace = path.Join(filepath.Base(filepath.Dir(c.Trace)), filepath.Base(c.Trace))
	return nil
}

// redactTrace is a trace of Playwright's without secrets, which its viewer opens all the same: pictures stay, the bodies of answers go, and of
// what was recorded line by line every cookie and ticket is replaced, and whatever was typed.
func redactTrace(trace []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(trace), int64(len(trace)))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		var keep func([]byte) ([]byte, error)
		switch path.Ext(f.Name) {
		case ".jpeg", ".jpg", ".png":
			keep = func(data []byte) ([]byte, error) { return data, nil }
		case ".trace", ".network":
			keep = redactLines
		default:
			continue
		}
		data, err := unpacked(f)
		if err == nil {
			data, err = keep(data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	err = out.Close()
	return b.Bytes(), err
}

func unpacked(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// redactLines redacts a file with a JSON value on every line.
func redactLines(data []byte) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	for d := json.NewDecoder(bytes.NewReader(data)); d.More(); {
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		if err := e.Encode(redacted("", v)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// secretHeaders are those whose whole value is one.
var secretHeaders = []string{"cookie", "set-cookie", "authorization", "proxy-authorization"}

// typed are the parameters in which a call of Playwright's holds what a person would type: drivers fill by a script, which takes it as its argument.
var typed = []string{"arg", "value", "text"}

// fieldValue begins the attribute in which a snapshot of a page holds what stands in a field.
const fieldValue = "__playwright_value_"

// redacted is a JSON value without secrets; key is that under which it stands.
func redacted(key string, v any) any {
	switch v := v.(type) {
	case string:
		return redact.Text(v)
	case []any:
		for i := range v {
			v[i] = redacted(key, v[i])
		}
	case map[string]any:
		name, _ := v["name"].(string)
		secret := key == "cookies" || v["type"] == "password" || slices.Contains(secretHeaders, strings.ToLower(name)) ||
			redact.Secret(name)
		for k, inner := range v {
			switch {
			case k == "postData", k == "queryString", key == "params" && slices.Contains(typed, k):
				delete(v, k)
			case k == "value" && secret, strings.HasPrefix(k, fieldValue) && inner != "":
				v[k] = redact.Stars
			default:
				v[k] = redacted(k, inner)
			}
		}
	}
	return v
}
