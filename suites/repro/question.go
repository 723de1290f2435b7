package repro

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// Question is what to ask the customer next.
type Question struct {
	About string `json:"about"`
	Ask   string `json:"ask"`
}

// worthAsking is the least that an answer must tell to be worth a letter, in bits.
const worthAsking = .02

// question is the one whose answer tells most about the cause: the greatest mutual information between what it asks for and the cause.
func (c *Complaint) question(groups []Group) (*Question, error) {
	_, findings, err := intake.Interpret(fixtures.Report{Browser: c.Understood.Browser}, time.Time{})
	if err != nil {
		return nil, err
	}
	ask := map[string]string{
		"cookies": "What does the site's login answer say in Set-Cookie? A HAR file exported with sensitive data shows it.",
		"network": c.specialAsk(),
	}
	for _, f := range findings {
		ask[f.Field] = f.Ask
	}
	ask["setting"] = intake.SettingAsk(c.Understood.Browser, c.Engine)
	if c.guessed {
		return &Question{"browser", whichAsk}, nil
	}
	goesOn := func(k *Candidate) string { return strconv.FormatBool(!halts(k.Prediction.Hops)) }
	if c.Sequence != nil && stopsShort(c.Sequence) && tells(groups, goesOn) > worthAsking {
		return &Question{"recording", stoppedAsk}, nil // what else is asked, whoever recorded it knows this at once
	}
	if situation := func(k *Candidate) string { return k.Situation }; c.Sequence != nil && alreadyIn(c.Sequence) == unknowns && c.Outcome != fixtures.WrongUser && tells(groups, situation) > worthAsking {
		return &Question{"network", whoAsk}, nil
	}
	var best *Question
	most := worthAsking
	for _, about := range []struct {
		name  string
		value func(*Candidate) string
	}{
		{"browser", func(k *Candidate) string { return string(k.Case.Engine) }},
		{"setting", func(k *Candidate) string { return k.Case.Policy.Name }},
		{"style", func(k *Candidate) string { return k.Case.Integration.Name }},
		{"network", func(k *Candidate) string { return k.Situation }},
		{"cookies", func(k *Candidate) string { return string(k.Case.Site.Profile) }},
	} {
		if about.name == "style" && c.showsStyle() {
			continue // where commands come from was recorded, and that is what is asked
		}
		if bits := tells(groups, about.value); bits > most {
			most, best = bits, &Question{about.name, ask[about.name]}
		}
	}
	return best, nil
}

// specialAsk is the question about the situation, without what was answered already.
func (c *Complaint) specialAsk() string {
	var parts []string
	if c.Idle == 0 && c.Report.Idle == "" && (c.Sequence == nil || len(c.Sequence.Calls) == 0 || beginsLate(c.Sequence)) {
		parts = append(parts, "was nobody active for more than 30 minutes")
	}
	if c.Outcome != fixtures.WrongUser {
		parts = append(parts, "was somebody else logged in at Webex in this browser")
	}
	if said := c.Report.Network; onTheWay(said) == "" && !denies.MatchString(strings.ToLower(said)) && !noTaker.MatchString(strings.ToLower(said)) {
		parts = append(parts, "is there a proxy, a filter or an extension")
	} else if words := onTheWay(said); words != "" && !takes.MatchString(words) {
		parts = append(parts, "what does the proxy, filter or extension take out")
	}
	return "What else is special: " + strings.Join(append(parts, "does it fail in another network too"), ", ") + "?"
}

// tells is the mutual information between a value and the cause, in bits.
func tells(groups []Group, value func(*Candidate) string) float64 {
	byValue := map[string]float64{}
	both := map[string][]float64{}
	for i, g := range groups {
		for _, k := range g.Candidates {
			v := value(k)
			byValue[v] += k.Share
			if both[v] == nil {
				both[v] = make([]float64, len(groups))
			}
			both[v][i] += k.Share
		}
	}
	bits := 0.0
	for _, v := range slices.Sorted(maps.Keys(both)) { // a sum of floats depends on its order
		for i, s := range both[v] {
			if s > 0 {
				bits += s * math.Log2(s/(byValue[v]*groups[i].Share))
			}
		}
	}
	return bits
}
