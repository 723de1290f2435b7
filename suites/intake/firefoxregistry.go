package intake

import (
	"encoding/json"
	"slices"
	"strings"
)

// firefoxKey is the key under which Windows keeps the policies of Firefox.
const firefoxKey = `Software\Policies\Mozilla\Firefox`

// firefoxRegistry is what an export has of Firefox; nil: nothing. A policy is the machine's, whole, where it has it, and else the person's: so Firefox
// itself reads them (WindowsGPOParser.sys.mjs).
func firefoxRegistry(file string, reg *registry) (*Settings, error) {
	policies := map[string]json.RawMessage{}
	for _, machine := range []bool{false, true} {
		tree := registryTree{}
		if err := reg.below(firefoxKey, func(k *registryKey, rest string) error {
			if (k.hive == "HKEY_LOCAL_MACHINE") == machine {
				tree.add(k, rest)
			}
			return nil
		}); err != nil {
			return nil, err
		}
		for name, value := range tree {
			raw, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			policies[name] = raw
		}
	}
	if len(policies) == 0 {
		return nil, nil
	}
	s, err := translateFirefox(file, policies)
	if m, ok := asMistake(err); ok {
		m.Line = reg.lineOf(firefoxKey + `\` + strings.ReplaceAll(m.Field, ".", `\`))
		m.Field = firefoxKey + `\` + m.Field // other browsers' policies are in the same file
	}
	if err != nil {
		return nil, err
	}
	s.Browser, s.Policy.Title = "Mozilla Firefox", "As exported from Firefox's policies in the registry"
	return s, nil
}

// registryTree are the values of a key and the keys below it, by name.
type registryTree map[string]any

// add takes over the values of a key at a path.
func (t registryTree) add(k *registryKey, path string) {
	for _, v := range k.values {
		value, ok := v.firefox()
		if !ok {
			continue
		}
		at := t
		for name := range strings.SplitSeq(path, `\`) {
			if name == "" {
				continue
			}
			below, ok := at[name].(registryTree)
			if !ok {
				below = registryTree{}
				at[name] = below
			}
			at = below
		}
		at[v.name] = value
	}
}

// MarshalJSON writes a key whose values are numbered as a list.
func (t registryTree) MarshalJSON() ([]byte, error) {
	names := mapKeys(t)
	if slices.ContainsFunc(names, func(n string) bool { return !listItem.MatchString(n) }) {
		return json.Marshal(map[string]any(t))
	}
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = t[name]
	}
	return json.Marshal(list)
}

// firefoxSwitches are the fields of the policy Cookies that are true or false, and 1 or 0 in the registry.
var firefoxSwitches = []string{"Default", "Locked", "RejectTracker", "ExpireAtSessionEnd"}

// firefox is the value as policies.json has it. A policy may be kept as JSON, in one line or several.
func (v registryValue) firefox() (any, bool) {
	text := strings.TrimSpace(v.text)
	switch {
	case v.name == "":
		return nil, false
	case v.kind == numberValue && slices.Contains(firefoxSwitches, v.name):
		return v.number != 0, true
	case v.kind == numberValue:
		return v.number, true
	case (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text)):
		return json.RawMessage(text), true
	}
	return v.text, v.kind == textValue
}
