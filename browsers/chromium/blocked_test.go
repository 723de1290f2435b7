package chromium

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

func TestWordsAndAddressesAreBroughtTogetherHopByHop(t *testing.T) {
	at := time.UnixMilli(1_900_000_000_000)
	lax := []blocked{{Name: "ticket", Domain: "acme.webex.com", Reasons: []string{"SameSiteLax"}}}
	mode := []blocked{{Name: "ticket", Reasons: []string{"UserPreferences"}}}
	ms := at.UnixMilli()
	got := gather([]word{
		{Request: "1", URL: "https://acme.webex.com/a"},
		{Request: "1", At: ms, Send: []blocked{}},
		{Request: "1", At: ms, Send: lax}, // of the second hop, before its address
		{Request: "1", At: ms, Store: mode},
		{Request: "1", URL: "https://acme.webex.com/b"},
		{Request: "1", At: ms, Store: lax},
	})
	NewWithT(t).Expect(got).To(Equal([]browsers.BlockedCookie{
		{Name: "ticket", Domain: "acme.webex.com", URL: "https://acme.webex.com/b", Direction: browsers.Send, Reasons: []string{"SameSiteLax"}, Time: at},
		{Name: "ticket", URL: "https://acme.webex.com/a", Direction: browsers.Store, Reasons: []string{"UserPreferences"}, Time: at},
		{Name: "ticket", Domain: "acme.webex.com", URL: "https://acme.webex.com/b", Direction: browsers.Store, Reasons: []string{"SameSiteLax"}, Time: at},
	}))
}
