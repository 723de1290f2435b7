package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Scripts are what a browser's settings say of JavaScript. No cookie policy has that, and without scripts most answers of the URL API lead nowhere.
type Scripts struct {
	Off string // the setting that blocks scripts everywhere, with its value; empty: none does
	// Blocked and Allowed are the patterns of sites that are treated otherwise.
	Blocked, Allowed []string
}

// BlockedAt names the setting that blocks scripts at an origin; empty: none does, or one says so and another the opposite.
func (s Scripts) BlockedAt(origin string) string {
	covers := func(pattern string) bool {
		p, err := policy.ParsePattern(pattern)
		return err == nil && p.Matches(origin)
	}
	if slices.ContainsFunc(s.Allowed, covers) {
		return ""
	}
	if i := slices.IndexFunc(s.Blocked, covers); i >= 0 {
		return "JavaScriptBlockedForUrls: " + s.Blocked[i]
	}
	return s.Off
}

// scripts reads Chromium's policies about JavaScript.
func (c *chromiumReader) scripts() error {
	const setting = "DefaultJavaScriptSetting"
	var number int
	found, err := c.value(setting, &number)
	switch {
	case err != nil:
		return err
	case found && number == 2:
		c.out.Scripts.Off = setting + "=2"
	case found && number != 1:
		c.out.cannot(fmt.Sprintf("%s=%d", setting, number), "there is no such setting; expected 1 (allow) or 2 (block)")
	}
	for _, list := range []struct {
		name string
		into *[]string
	}{{"JavaScriptBlockedForUrls", &c.out.Scripts.Blocked}, {"JavaScriptAllowedForUrls", &c.out.Scripts.Allowed}} {
		var typed []string
		if _, err := c.value(list.name, &typed); err != nil {
			return err
		}
		if len(typed) > maxExceptions {
			return c.wrong(list.name, "has %d entries; at most %d are read", len(typed), maxExceptions)
		}
		for _, entry := range typed {
			*list.into = append(*list.into, cutTo(redactShort(strings.TrimSpace(entry)), maxWord))
		}
	}
	return nil
}
