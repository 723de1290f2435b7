package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// aboutPolicies reads the table of Firefox's page about:policies, copied as text: a row a line, cells parted by tabs, the policy's name in the
// first, the field's in the second, values as JSON. Cells of names are empty where they are those of the row above.
func aboutPolicies(file string, data []byte) (map[string]json.RawMessage, error) {
	policies := map[string]map[string][]json.RawMessage{}
	single := map[string]json.RawMessage{}
	var name, field string
	for i, line := range strings.Split(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), "\n") {
		line = strings.TrimRight(line, "\r\t ")
		cells := strings.Split(line, "\t")
		value := cells[len(cells)-1]
		if line == "" || name == "" && !json.Valid([]byte(value)) {
			continue // headings, in the browser's own language
		}
		if !json.Valid([]byte(value)) {
			if len(cells) == 1 {
				continue // text around the table
			}
			return nil, &Mistake{File: file, Line: i + 1, Offset: -1, Field: short(name), Problem: fmt.Sprintf("the last cell is %s; expected a value as JSON, such as \"reject-foreign\" in quotes", shown(value))}
		}
		if len(cells) > maxColumns {
			return nil, &Mistake{File: file, Line: i + 1, Offset: -1, Problem: fmt.Sprintf("%d cells in a row; expected at most %d", len(cells), maxColumns)}
		}
		if cells[0] != "" && len(cells) > 1 {
			name, field = cells[0], ""
		}
		switch {
		case name == "" || len(cells) == 1:
			return nil, &Mistake{File: file, Line: i + 1, Offset: -1, Problem: "a value without the name of a policy before it; expected the table of about:policies, copied whole"}
		case len(cells) == 2:
			single[name] = json.RawMessage(value)
			continue
		case cells[1] != "":
			field = cells[1]
		}
		if within := len(cells) > 3; within && (len(cells) > 4 || cells[2] != "Value") {
			continue // of an object in a policy only the value of a preference is looked at
		}
		if policies[name] == nil {
			policies[name] = map[string][]json.RawMessage{}
		}
		policies[name][field] = append(policies[name][field], json.RawMessage(value))
	}
	out := single
	for name, fields := range policies {
		object := map[string]any{}
		for field, values := range fields {
			if object[field] = any(values); len(values) == 1 && !isFirefoxList(field) {
				object[field] = values[0]
			}
		}
		raw, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		out[name] = raw
	}
	if len(out) == 0 {
		return nil, &Mistake{File: file, Offset: -1, Problem: "this is neither Firefox's policies.json nor the table of about:policies"}
	}
	return out, nil
}

// isFirefoxList says whether a field of the policy Cookies holds a list, of which the table shows the items alone.
func isFirefoxList(field string) bool {
	return field == "Allow" || field == "AllowSession" || field == "Block"
}

// maxColumns is far beyond what the table has.
const maxColumns = 20
