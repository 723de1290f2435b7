package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// Journal is what passes a filter.
func (c *Client) Journal(ctx context.Context, f Filter) (Journal, error) {
	return get[Journal](ctx, c, "GET", "/journal?"+f.query().Encode(), nil)
}

// Missed says that a journal dropped entries before they could be given to who follows it: there were too many at once.
type Missed struct {
	Site    string
	Entries uint64 // so many, whether the filter would have let them pass or not
}

// Error says how many and of which site.
func (m *Missed) Error() string {
	return fmt.Sprintf("the journal of the site %s dropped %d entries before they could be read", m.Site, m.Entries)
}

// Follow gives what passes a filter, the entries that are there already and then those to come, until the context ends or the loop is left. A *Missed stands for
// the entries that are missing in its place, and those after them follow; any other error is the last thing given, and says why nothing more comes. After a reset
// of a site its entries count from 1 again.
func (c *Client) Follow(ctx context.Context, f Filter) iter.Seq2[journal.Entry, error] {
	return func(yield func(journal.Entry, error) bool) {
		if err := c.follow(ctx, f, yield); err != nil {
			yield(journal.Entry{}, err)
		}
	}
}

// follow hands on entries, and what was missed of them, until one is not wanted; the error is nil then.
func (c *Client) follow(ctx context.Context, f Filter, each func(journal.Entry, error) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answer, err := c.send(ctx, "GET", "/journal?"+f.query().Encode(), nil, eventStream)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	lines := bufio.NewReader(answer.Body)
	event := ""
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return fmt.Errorf("following the journal: %w", err)
		}
		key, value, _ := bytes.Cut(bytes.TrimRight(line, "\n"), []byte(": "))
		switch string(key) {
		case "event":
			event = string(value)
		case "data":
			e, missed, err := readEvent(event, value)
			if err != nil {
				return fmt.Errorf("following the journal: %w", err)
			}
			if missed != nil && !each(journal.Entry{}, missed) || event == "entry" && !each(e, nil) {
				return nil
			}
		}
	}
}

// readEvent reads an event of the stream. Those that are neither an entry nor about missed ones say nothing to who follows.
func readEvent(event string, data []byte) (e journal.Entry, missed *Missed, err error) {
	switch event {
	case "entry":
		err = json.Unmarshal(data, &e)
	case "missed":
		var h happening
		err = json.Unmarshal(data, &h)
		missed = &Missed{Site: h.Site, Entries: h.Missed}
	}
	return e, missed, err
}

func (f *Filter) query() url.Values {
	q := url.Values{}
	add(q, "site", f.Sites)
	add(q, "page", f.Pages)
	add(q, "command", f.Commands)
	add(q, "host", f.Hosts)
	add(q, "result", f.Results)
	add(q, "reason", f.Reasons)
	add(q, "session", f.Sessions)
	if f.After > 0 {
		q.Set("after", strconv.FormatUint(f.After, 10))
	}
	if f.Limit != 0 {
		q.Set("limit", strconv.Itoa(max(f.Limit, 0)))
	}
	return q
}

func add[T ~string](q url.Values, name string, values []T) {
	for _, v := range values {
		q.Add(name, string(v))
	}
}

var _ error = (*Missed)(nil)
