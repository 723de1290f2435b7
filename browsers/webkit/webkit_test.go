package webkit

import (
	"os"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/drivertest"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestDriver(t *testing.T) { drivertest.Run(t, Driver{}) }

func TestTheSessionWhoseSettingsWereReadIsTheNextOneAlone(t *testing.T) {
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	launched, err := Driver{}.Launch(t.Context(), browsers.LaunchOptions{
		Policy: policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}, Proxy: "http://127.0.0.1:9", Dir: t.TempDir(),
	})
	g.Expect(err).NotTo(HaveOccurred())
	b := launched.(*Browser)
	t.Cleanup(func() { g.Expect(b.Close()).To(Succeed()) })
	settings := func() int {
		_, err := b.Settings(t.Context())
		g.Expect(err).NotTo(HaveOccurred())
		return b.spare.pid
	}
	session := func() *Session {
		s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		return s.(*Session)
	}
	read := settings()
	g.Expect(settings()).To(Equal(read), "nobody has taken it yet")
	first := session()
	g.Expect(first.pid).To(Equal(read))
	g.Expect(first.Close()).To(Succeed())

	spare, err := os.FindProcess(settings())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(spare.Pid).NotTo(Equal(read))
	g.Expect(spare.Kill()).To(Succeed())
	g.Eventually(b.Done(), 20*time.Second).Should(BeClosed(), "a spare one that dies is missed as any other")
}

func TestATextWithQuotesIsOneString(t *testing.T) {
	g := NewWithT(t)
	g.Expect(xpathString(`Sign in`)).To(Equal(`"Sign in"`))
	g.Expect(xpathString(`the "host's" page`)).To(Equal(`concat("the ", '"', "host's", '"', " page")`))
}
