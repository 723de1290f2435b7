package network

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// FilterSpec is a filter as it is written in YAML. Exactly one of its fields is set:
//
//	filters:
//	  - strip-third-party-cookies: both # or request, response
//	  - rewrite-same-site: lax          # or none, strict, absent
//	  - remove-p3p: true
//
// The first filter of a list is the nearest to the browser.
type FilterSpec struct {
	StripThirdPartyCookies Direction     `yaml:"strip-third-party-cookies,omitempty"`
	StripAllCookies        Direction     `yaml:"strip-all-cookies,omitempty"`
	BlockJavaScript        bool          `yaml:"block-javascript,omitempty"`
	StripJavaScript        bool          `yaml:"strip-javascript,omitempty"`
	BlockActiveX           bool          `yaml:"block-activex,omitempty"`
	RewriteSameSite        SameSiteValue `yaml:"rewrite-same-site,omitempty"`
	RemoveP3P              bool          `yaml:"remove-p3p,omitempty"`
	CutIdle                time.Duration `yaml:"cut-idle,omitempty"`
}

// Directions are the words that a Direction may be.
func Directions() []Direction { return []Direction{OnRequest, OnResponse, OnBoth} }

// SameSiteValues are the words that a SameSiteValue may be.
func SameSiteValues() []SameSiteValue {
	return []SameSiteValue{SameSiteNone, SameSiteLax, SameSiteStrict, SameSiteAbsent}
}

// Filter is the filter that is meant. The error says what is wrong with the spec.
func (s FilterSpec) Filter() (Filter, error) {
	var found []Filter
	var errs []error
	add := func(given bool, f Filter, err error) {
		if given {
			found, errs = append(found, f), append(errs, err)
		}
	}
	add(s.StripThirdPartyCookies != "", StripThirdPartyCookies{s.StripThirdPartyCookies}, oneOf(s.StripThirdPartyCookies, Directions()))
	add(s.StripAllCookies != "", StripAllCookies{s.StripAllCookies}, oneOf(s.StripAllCookies, Directions()))
	add(s.BlockJavaScript, BlockJavaScript{}, nil)
	add(s.StripJavaScript, StripJavaScript{}, nil)
	add(s.BlockActiveX, BlockActiveX{}, nil)
	add(s.RewriteSameSite != "", RewriteSameSite{s.RewriteSameSite}, oneOf(s.RewriteSameSite, SameSiteValues()))
	add(s.RemoveP3P, RemoveP3P{}, nil)
	add(s.CutIdle != 0, CutIdle{s.CutIdle}, positive(s.CutIdle))
	if len(found) != 1 {
		return nil, fmt.Errorf("has %d filters; expected exactly one of strip-third-party-cookies, strip-all-cookies, block-javascript, "+
			"strip-javascript, block-activex, rewrite-same-site, remove-p3p, cut-idle", len(found))
	}
	if errs[0] != nil {
		return nil, fmt.Errorf("%s: %w", found[0].Name(), errs[0])
	}
	return found[0], nil
}

func oneOf[T ~string](word T, words []T) error {
	if slices.Contains(words, word) {
		return nil
	}
	return fmt.Errorf("unknown word %q; expected %s", string(word), wording.OneOf(words))
}

func positive(d time.Duration) error {
	if d > 0 {
		return nil
	}
	return errors.New("expected a duration above zero, such as 30s")
}
