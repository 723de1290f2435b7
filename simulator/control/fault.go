package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/fault"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// Fault has commands answered otherwise. Which: those of Site, Page and Command, an empty one meaning all; the Next so many, or a Share of them. How: one of
// Reason, Status and Cut, or nothing of them; with a Delay; with other Cookies; with something done to the ticket.
type Fault struct {
	ID      int     `json:"id,omitempty"` // given by the simulator
	Site    string  `json:"site,omitempty"`
	Page    string  `json:"page,omitempty"`    // "m.php"
	Command string  `json:"command,omitempty"` // AT: "HM"
	Next    int     `json:"next,omitempty"`    // so many more commands; 1 where neither Next nor Share is given
	Share   float64 `json:"share,omitempty"`   // of the commands, more than 0 and at most 1; until the fault is removed

	Reason string   `json:"reason,omitempty"` // FAIL with this reason
	Status int      `json:"status,omitempty"` // this HTTP status and no page
	Cut    bool     `json:"cut,omitempty"`    // the connection is closed without an answer
	Delay  Duration `json:"delay,omitempty"`  // the answer is held back, by the machine's time
	// Cookies changes attributes of the cookies that the answer sets, by cookie name: the value "true" is an attribute without a value, "false" takes one away.
	Cookies map[string]Attributes `json:"cookies,omitempty"`
	Ticket  urlapi.TicketFault    `json:"ticket,omitempty"` // "drop" or "rotate"

	Hits int `json:"hits,omitempty"` // commands answered with it so far
}

// Attributes are attributes of a cookie, by name; in JSON a value may be true or false, too.
type Attributes session.Attributes

// UnmarshalJSON reads texts, true and false.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		return &json.UnmarshalTypeError{Value: string(data), Type: reflect.TypeFor[Attributes]()}
	}
	*a = Attributes{}
	for name, value := range values {
		switch value := value.(type) {
		case string:
			(*a)[name] = value
		case bool:
			(*a)[name] = strconv.FormatBool(value)
		default:
			return &json.UnmarshalTypeError{Value: fmt.Sprintf("%v for %s", value, name), Type: reflect.TypeFor[Attributes]()}
		}
	}
	return nil
}

func describeFault(f fault.Fault) Fault {
	d := Fault{
		ID: f.ID, Site: f.Site, Page: f.Page, Command: f.Command, Next: f.Next, Share: f.Share, Hits: f.Hits,
		Reason: f.Reason, Status: f.Status, Cut: f.Cut, Delay: Duration(f.Delay), Ticket: f.Ticket,
	}
	for name, attributes := range f.Cookies {
		if d.Cookies == nil {
			d.Cookies = map[string]Attributes{}
		}
		d.Cookies[name] = Attributes(attributes)
	}
	return d
}

func (a *API) listFaults(*http.Request) (any, error) { return a.faultsNow(), nil }

func (a *API) faultsNow() []Fault {
	list := []Fault{}
	for _, f := range a.faults.List() {
		list = append(list, describeFault(f))
	}
	return list
}

func (a *API) addFault(r *http.Request) (any, error) {
	f, err := read[Fault](r)
	if err != nil {
		return nil, err
	}
	if f.ID != 0 || f.Hits != 0 {
		return nil, invalid("id, hits", "neither: the simulator gives them", "are there")
	}
	made := fault.Fault{
		Site: f.Site, Page: f.Page, Command: f.Command, Next: f.Next, Share: f.Share,
		Intervention: urlapi.Intervention{Reason: f.Reason, Status: f.Status, Cut: f.Cut, Delay: time.Duration(f.Delay), Ticket: f.Ticket},
	}
	for name, attributes := range f.Cookies {
		if made.Cookies == nil {
			made.Cookies = map[string]session.Attributes{}
		}
		made.Cookies[name] = session.Attributes(attributes)
	}
	if err := a.checkTarget(made); err != nil {
		return nil, err
	}
	if made, err = a.faults.Add(made); err != nil {
		return nil, err
	}
	return created{describeFault(made)}, nil
}

// checkTarget looks at what a fault cannot know: whether the site is there, and sets such cookies.
func (a *API) checkTarget(f fault.Fault) error {
	names := a.server.Sites()
	if f.Site != "" {
		if err := a.checkSite(f.Site); err != nil {
			return err
		}
		names = []string{f.Site}
	}
	for _, name := range names {
		if s, err := a.server.Site(name); err == nil && len(f.Cookies) > 0 {
			if _, err := s.CookiesWith(f.Cookies); err != nil {
				return invalid("cookies", fmt.Sprintf("cookies that the site %s sets", name), "%v: %v", slices.Sorted(maps.Keys(f.Cookies)), err)
			}
		}
	}
	return nil
}

// checkSite looks at a site that a body or a query names.
func (a *API) checkSite(name string) error {
	if names := a.server.Sites(); !slices.Contains(names, name) {
		return invalid("site", wording.OneOf(names), "there is no site %q", name)
	}
	return nil
}

// Removed says how many faults were taken away.
type Removed struct {
	Removed int `json:"removed"`
}

func (a *API) clearFaults(r *http.Request) (any, error) {
	q := query{r: r}
	site := q.text("site")
	if err := q.err(); err != nil {
		return nil, err
	}
	removed := a.faults.Clear(site)
	if removed == 0 && site != "" { // a site that is gone may have left some
		if err := a.checkSite(site); err != nil {
			return nil, err
		}
	}
	return Removed{removed}, nil
}

func (a *API) removeFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("fault"))
	if err != nil {
		return nil, invalid("fault", "the number of a fault", "%q is no number", r.PathValue("fault"))
	}
	if !a.faults.Remove(id) {
		return nil, notFound("there is no fault %d; one that is used up is gone", id)
	}
	return Removed{1}, nil
}

var _ json.Unmarshaler = (*Attributes)(nil)
