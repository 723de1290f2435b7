package journal

import (
	"encoding"
	"fmt"
	"strconv"
)

// UnmarshalText reads what MarshalText writes, which is enough to tell fingerprints of one journal apart.
func (f *Fingerprint) UnmarshalText(text []byte) error {
	if string(text) == "-" {
		*f = 0
		return nil
	}
	n, err := strconv.ParseUint(string(text), 16, 32)
	if err != nil || len(text) != 8 {
		return fmt.Errorf("%q is no fingerprint: expected eight hexadecimal digits, or -", text)
	}
	*f = Fingerprint(n)
	return nil
}

var _ encoding.TextUnmarshaler = (*Fingerprint)(nil)
