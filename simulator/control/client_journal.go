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

// Follow gives what passes a filter, the entries that are there already and then those to come, until the context ends or the loop is left. The error, which is
// the last thing given, says why nothing more comes. After a reset of a site its entries count from 1 again.
func (c *Client) Follow(ctx context.Context, f Filter) iter.Seq2[journal.Entry, error] {
	return func(yield func(journal.Entry, error) bool) {
		if err := c.follow(ctx, f, func(e journal.Entry) bool { return yield(e, nil) }); err != nil {
			yield(journal.Entry{}, err)
		}
	}
}

// follow hands on entries until one is not wanted; the error is nil then.
func (c *Client) follow(ctx context.Context, f Filter, each func(journal.Entry) bool) error {
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
			if event != "entry" {
				continue
			}
			var e journal.Entry
			if err := json.Unmarshal(value, &e); err != nil {
				return fmt.Errorf("following the journal: %w", err)
			}
			if !each(e) {
				return nil
			}
		}
	}
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
