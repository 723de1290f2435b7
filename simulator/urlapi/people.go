package urlapi

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// people are those that FN and EM name, or FN1 EM1, FN2 EM2 and so on; EA1, EA2 are addresses too. A number may be left out, as by a form with an empty row.
func (c *call) people() []site.Person {
	var list []site.Person
	add := func(name, email string) {
		again := slices.ContainsFunc(list, func(p site.Person) bool { return strings.EqualFold(p.Email, email) })
		if email != "" && !again {
			list = append(list, site.Person{Name: strings.Clone(name), Email: strings.Clone(email)})
		}
	}
	add(c.form.get("FN"), c.form.get("EM"))
	for i := 1; i <= maxParams; i++ {
		n := strconv.Itoa(i)
		name, email := c.form.get("FN"+n), c.form.get("EM"+n)
		if email == "" {
			email = c.form.get("EA" + n)
		}
		add(name, email)
	}
	return list
}

// invite changes a list of people of a meeting: those named come in, or go out.
func (c *call) invite(list func(*site.Meeting) *[]site.Person, in bool) answer {
	people := c.people()
	var full error
	_, err := c.site.Meetings.Edit(c.user.Index, c.form.get("MK"), func(m *site.Meeting) {
		invited := list(m)
		others := slices.DeleteFunc(slices.Clone(*invited), func(p site.Person) bool {
			return slices.ContainsFunc(people, func(named site.Person) bool { return strings.EqualFold(p.Email, named.Email) })
		})
		switch {
		case !in:
			*invited = others
		case len(others)+len(people) > site.MaxPeople:
			full = site.ErrTooManyPeople
		default:
			*invited = append(others, people...)
		}
	})
	if err = cmp.Or(err, full); err != nil {
		c.remark(err.Error())
		return fail(accessDenied)
	}
	return answer{}
}

func attendees(m *site.Meeting) *[]site.Person  { return &m.Attendees }
func presenters(m *site.Meeting) *[]site.Person { return &m.Presenters }

// appoint changes who the presenters are by one, who must be named.
func (c *call) appoint(in bool, required ...string) answer {
	if _, found := c.myMeeting(); !found {
		return fail(accessDenied)
	}
	if c.missing(required...) {
		return fail(invalidFormat)
	}
	return c.invite(presenters, in)
}

// addAttendees is AA, deleteAttendees DA, addPresenter AP and deletePresenter DP.
func addAttendees(c *call) answer    { return c.invite(attendees, true) }
func deleteAttendees(c *call) answer { return c.invite(attendees, false) }
func addPresenter(c *call) answer    { return c.appoint(true, "FN", "EM") }
func deletePresenter(c *call) answer { return c.appoint(false, "EM") }
