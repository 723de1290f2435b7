package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// The elements and attributes are those on which the two published schemas of the format agree, that of Ant's JUnit task and
// that of Jenkins' xUnit plugin: so testsuites has no attributes, properties belong to a testsuite, a testcase holds one
// element at most, and system-out and system-err stand at the end of every testsuite.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Package    string          `xml:"package,attr"`
	ID         int             `xml:"id,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

// JUnit writes a run as JUnit XML, as GitLab, GitHub actions, Jenkins and others read it: one testsuite for each suite,
// browser, policy and cookie profile, which are its properties, and one for cells of the baseline that close the gate because they are no case
// any more. What closes the gate is a failure, or an error where there is no outcome; cases that are not available, known to fail, or flaky in a
// run that does not fail on them, are skipped, with the reason: the format has no word for them, and they are neither passes nor failures.
func JUnit(w io.Writer, run Run) error {
	run = run.prepared()
	doc := junitSuites{}
	type key struct {
		suite, policy, profile string
		browser                browsers.Engine
	}
	at := map[key]int{}
	spent := map[key]time.Duration{}
	for _, r := range run.Results {
		k := key{r.Suite, r.Policy, r.Profile, r.Browser}
		i, ok := at[k]
		if !ok {
			i = len(doc.Suites)
			at[k] = i
			doc.Suites = append(doc.Suites, junitSuite{
				Name: joined(" · ", r.Suite, string(r.Browser), r.Policy, r.Profile), Package: r.Suite, ID: i,
				Timestamp: stamp(run), Hostname: "localhost",
				Properties: []junitProperty{
					{"browser", string(r.Browser)}, {"browser.version", r.BrowserVersion}, {"policy", r.Policy}, {"profile", r.Profile},
				},
			})
		}
		spent[k] += r.Duration
		s := &doc.Suites[i]
		s.Time = seconds(spent[k])
		s.add(r, run.Closes(r))
	}
	if gone := run.closingGone(); len(gone) > 0 {
		s := junitSuite{Name: "baseline", Package: "baseline", ID: len(doc.Suites), Timestamp: stamp(run), Hostname: "localhost", Time: seconds(0),
			Properties: []junitProperty{{"baseline", run.Gate.Baseline}}}
		for _, id := range gone {
			s.Tests++
			s.Failures++
			s.Cases = append(s.Cases, junitCase{Name: id, Class: "baseline", Time: seconds(0), Failure: &junitProblem{Message: goneTitle, Type: "gone", Text: id + ": " + goneTitle}})
		}
		doc.Suites = append(doc.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(r testbed.Result, closes bool) {
	s.Tests++
	c := junitCase{Name: r.ID, Class: joined(".", r.Suite, r.Integration), Time: seconds(r.Duration)}
	switch {
	case isKnown(r):
		s.Skipped++
		c.Skipped = &junitProblem{Message: KnownText(*r.Known), Text: Explain(r)}
	case r.Status == testbed.NotAvailable:
		s.Skipped++
		c.Skipped = &junitProblem{Message: r.Sentence}
	case r.Status == testbed.Flaky && !closes:
		s.Skipped++
		c.Skipped = &junitProblem{Message: problem(r), Text: Explain(r)}
	case r.Status == testbed.Flaky:
		s.Failures++
		c.Failure = &junitProblem{Message: problem(r), Type: string(testbed.Flaky), Text: Explain(r)}
	case r.Status == testbed.Failed, r.Status == testbed.Passed && closes:
		s.Failures++
		c.Failure = &junitProblem{Message: problem(r), Type: string(orNone(r.Outcome)), Text: Explain(r)}
	case r.Status == testbed.Passed:
	default:
		s.Errors++
		c.Error = &junitProblem{Message: firstSentence(r.Sentence), Type: string(testbed.Error), Text: Explain(r)}
	}
	s.Cases = append(s.Cases, c)
}

func stamp(run Run) string { return run.Started.UTC().Format("2006-01-02T15:04:05") }

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// joined joins those parts that are not empty.
func joined(separator string, parts ...string) string {
	var filled []string
	for _, p := range parts {
		if p != "" {
			filled = append(filled, p)
		}
	}
	return strings.Join(filled, separator)
}
