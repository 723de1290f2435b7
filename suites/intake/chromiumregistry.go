package intake

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// chromiumKeys are the keys under which Windows keeps the policies of Chromium and its relatives.
var chromiumKeys = []struct{ path, browser string }{
	{`Software\Policies\Google\Chrome`, "Google Chrome"},
	{`Software\Policies\Microsoft\Edge`, "Microsoft Edge"},
	{`Software\Policies\BraveSoftware\Brave`, "Brave"},
	{`Software\Policies\Chromium`, "Chromium"},
}

// chromiumRegistry is what an export has of those browsers, in their order.
func chromiumRegistry(file string, reg *registry) ([]*Settings, error) {
	var list []*Settings
	for _, b := range chromiumKeys {
		c := chromiumReader{file: file, out: newSettings(browsers.Chromium, "As exported from the browser's policies in the registry")}
		var found bool
		if c.values, found = c.registered(b.path, reg); !found {
			continue
		}
		recommended, _ := c.registered(b.path+`\Recommended`, reg)
		c.recommend(recommended)
		c.out.Browser = b.browser
		if err := c.translate(); err != nil {
			if m, ok := asMistake(err); ok {
				m.Field = b.path + `\` + m.Field // several browsers have a policy of that name
				m.Line = cmp.Or(reg.lineOf(m.Field), reg.lineOf(b.path+`\Recommended`+strings.TrimPrefix(m.Field, b.path)))
			}
			return nil, err
		}
		list = append(list, c.out)
	}
	return list, nil
}

// registered reads the policies below a key, and says whether there are any. The machine's go before the person's, lists whole.
func (c *chromiumReader) registered(path string, reg *registry) (values map[string]json.RawMessage, found bool) {
	values = map[string]json.RawMessage{}
	for _, machine := range []bool{false, true} {
		lists := map[string][]string{}
		reg.below(path, func(k *registryKey, rest string) error {
			if (k.hive == "HKEY_LOCAL_MACHINE") != machine {
				return nil
			}
			found = found || len(k.values) > 0
			for _, v := range k.values {
				if rest == "" {
					if raw, ok := v.json(); ok {
						values[v.name] = raw
					} else if _, interesting := chromiumPolicyNames[v.name]; interesting {
						c.out.cannot(v.name, "it is kept as bytes; expected a dword or a text")
					}
				} else if !strings.Contains(rest, `\`) && v.kind == textValue && listItem.MatchString(v.name) {
					lists[rest] = append(lists[rest], v.text)
				}
			}
			return nil
		})
		for name, list := range lists {
			if raw, err := json.Marshal(list); err == nil {
				values[name] = raw
			}
		}
	}
	return values, found
}

// recommend takes over policies that are only recommended, where none that holds has the name.
func (c *chromiumReader) recommend(values map[string]json.RawMessage) {
	for _, name := range mapKeys(values) {
		_, interesting := chromiumPolicyNames[name]
		if _, holds := c.values[name]; interesting && !holds {
			c.values[name] = values[name]
			c.onlyRecommended(name)
		}
	}
}

// listItem is the name of a value in a list.
var listItem = lazyregexp.New(`^[0-9]{1,6}$`)

// json is the value as the policy file has it, where a switch is true or false; in the registry it is 1 or 0. Numbers and lists may stand in a text:
// so Chromium itself reads them (registry_dict.cc).
func (v registryValue) json() (json.RawMessage, bool) {
	if n, err := strconv.ParseUint(v.text, 10, 32); err == nil && v.kind == textValue {
		v.kind, v.number = numberValue, uint32(n)
	}
	switch {
	case v.kind == numberValue && strings.HasPrefix(v.name, "Block"):
		return json.RawMessage(strconv.FormatBool(v.number != 0)), true
	case v.kind == numberValue:
		return json.RawMessage(strconv.FormatUint(uint64(v.number), 10)), true
	case v.kind == textValue && strings.HasPrefix(v.text, "[") && json.Valid([]byte(v.text)):
		return json.RawMessage(v.text), true
	case v.kind == textValue:
		raw, err := json.Marshal(v.text)
		return raw, err == nil
	}
	return nil, false
}
