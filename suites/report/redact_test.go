package report

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestControlCharactersArePrintedAsSuch(t *testing.T) {
	NewWithT(t).Expect(Printable("a\x1b[2Jb\rc\nd\te\x7f\xff")).To(Equal("a\ufffd[2Jb\ufffdc\nd\te\ufffd\ufffd"))
}

const planted = "https://acme.webex.com/?PW=S3cret&TK=S3cret&CSRF=S3cret&ticket=S3cret&BU=%3FPW%3DS3cret"

// plant puts the planted address into every text that a value holds.
func plant(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(planted)
	case reflect.Struct:
		if v.Type().PkgPath() == "time" {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() { // the others are for no writer to see
				plant(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			plant(v.Index(i))
		}
	}
}

func TestNoWriterPrintsASecret(t *testing.T) {
	var results []testbed.Result
	for _, status := range []testbed.Status{testbed.Passed, testbed.Failed, testbed.Error, testbed.NotAvailable, testbed.Flaky} {
		var r testbed.Result
		plant(reflect.ValueOf(&r).Elem())
		r.ID += "&case=" + string(status)
		r.Suite, r.Status, r.Expected, r.Outcome = "matrix", status, testbed.Works, testbed.Works
		if status == testbed.Failed {
			r.Outcome = testbed.Stuck
		}
		r.Browser, r.Cause.Reason, r.Cause.Witness = browsers.Chromium, fixtures.SameSite, testbed.ByModel
		r.Repetitions[0].Status, r.Repetitions[1].Status = testbed.Passed, testbed.Failed
		r.Repetitions[0].Outcome, r.Repetitions[1].Outcome = testbed.Works, testbed.Stuck
		r.Repetitions[0].Reason, r.Repetitions[1].Reason = "", fixtures.SameSite
		switch r.Known.Red = true; status {
		case testbed.Passed:
			r.Known.State, r.Known.Outcome = testbed.NewlyWorking, testbed.Stuck
		case testbed.Failed:
			r.Known.State, r.Known.Outcome = testbed.FailsOtherwise, testbed.LoginLoop
		default:
			r.Known = nil
		}
		results = append(results, r)
	}
	run := Run{Results: results}
	plant(reflect.ValueOf(&run.Gate).Elem())
	earlier := Run{Results: append([]testbed.Result(nil), results...)}
	earlier.Results[0].Status = testbed.Failed
	earlier.Results[1].ID = planted + "gone"
	for name, write := range map[string]func(io.Writer) error{
		"json":        func(w io.Writer) error { return JSON(w, run) },
		"junit":       func(w io.Writer) error { return JUnit(w, run) },
		"tap":         func(w io.Writer) error { return TAP(w, run) },
		"terminal":    func(w io.Writer) error { return Terminal(w, run, true) },
		"annotations": func(w io.Writer) error { return Annotations(w, run) },
		"summary":     func(w io.Writer) error { return Summary(w, run) },
		"html":        func(w io.Writer) error { return HTML(w, run, HTMLOptions{Against: &earlier}) },
		"explain": func(w io.Writer) error {
			_, err := io.WriteString(w, Explain(run.Results[1]))
			return err
		},
		"progress": func(w io.Writer) error {
			p := NewProgress(ProgressOptions{Writer: w, Mode: Lines})
			p.Start(len(run.Results))
			for _, r := range run.Results {
				p.CaseStarted(r.ID)
				p.CaseDone(r)
			}
			p.Finish()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var b bytes.Buffer
			g.Expect(write(&b)).To(Succeed())
			g.Expect(b.Len()).To(BeNumerically(">", 50))
			g.Expect(strings.Count(b.String(), "S3cret")).To(BeZero())
		})
	}
	NewWithT(t).Expect(run.Results[0].ID).To(ContainSubstring("S3cret"), "redaction works on a copy")
}
