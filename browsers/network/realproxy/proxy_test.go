package realproxy

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/cookiegate/cookiegate/browsers/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// minimal are configurations that serve and filter nothing.
var minimal = map[Product]fs.FS{
	Privoxy: fstest.MapFS{"privoxy.conf": {Data: []byte("listen-address {{.Host}}:{{.Port}}\nlogdir {{.Dir}}\nconfdir {{.Dir}}\ndebug 4096\n" +
		"{{range .Rules \".action\"}}actionsfile {{.}}\n{{end}}")},
		"rules/a.action": {Data: []byte("{+block{x}}\n/\n")}},
	Squid: fstest.MapFS{"squid.conf": {Data: []byte("http_port {{.Host}}:{{.Port}} ssl-bump tls-cert=ca.pem tls-key=ca.key\n" +
		"sslcrtd_program {{.Helper}} -s certificates -M 4MB\nsslcrtd_children 1\nssl_bump bump all\npid_filename none\n" +
		"cache_log log\naccess_log none\nnetdb_filename none\npinger_enable off\n{{range .Rules \".conf\"}}include {{.}}\n{{end}}")},
		"rules/a.conf": {Data: []byte("cache deny all\n")}},
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// options are the minimal ones, behind a door.
func options(t *testing.T, p Product) Options {
	t.Helper()
	d, err := network.Listen(network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return Options{Config: minimal[p], Parent: d.FarURL(), Trust: d.CAFile()}
}

// needs skips the test where the product is not installed.
func needs(t *testing.T, p Product) {
	t.Helper()
	missing := (*NotInstalledError)(nil)
	if _, err := Find(p); errors.As(err, &missing) {
		t.Skip(missing)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	for _, product := range Products() {
		t.Run(string(product), func(t *testing.T) {
			needs(t, product)
			g := NewWithT(t)
			p, err := Start(within(t), product, options(t, product))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.Name).To(MatchRegexp(`^(Privoxy|Squid) \d+\.\d+`))
			g.Expect(p.settings.Dir).To(BeADirectory())
			u, err := url.Parse(p.URL)
			g.Expect(err).NotTo(HaveOccurred())
			c, err := net.Dial("tcp", u.Host)
			g.Expect(err).NotTo(HaveOccurred(), "it serves when Start returns")
			c.Close()

			g.Expect(p.Close()).To(Succeed())
			<-p.Done()
			_, err = net.Dial("tcp", u.Host)
			g.Expect(err).To(HaveOccurred())
			_, err = os.Stat(p.settings.Dir)
			g.Expect(err).To(MatchError(os.ErrNotExist))
			left, err := filepath.Glob("/dev/shm/" + p.settings.Service + "*")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(left).To(BeEmpty())
			g.Expect(p.Close()).To(Succeed(), "a second time")
		})
	}
}

func TestAProxyThatARelativePathNamesIsStarted(t *testing.T) {
	for _, product := range Products() {
		t.Run(string(product), func(t *testing.T) {
			needs(t, product)
			g := NewWithT(t)
			i, err := Find(product)
			g.Expect(err).NotTo(HaveOccurred())
			t.Chdir(filepath.Dir(i.Path))
			t.Setenv(products[product].env, "./"+filepath.Base(i.Path))
			p, err := Start(within(t), product, options(t, product))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.Close()).To(Succeed())
		})
	}
}

func TestTwoRunSideBySide(t *testing.T) {
	for _, product := range Products() {
		t.Run(string(product), func(t *testing.T) {
			needs(t, product)
			g := NewWithT(t)
			for range 2 {
				p, err := Start(within(t), product, options(t, product))
				g.Expect(err).NotTo(HaveOccurred())
				defer p.Close()
			}
		})
	}
}

func TestAProxyThatDoesNotLikeItsConfigurationSaysWhy(t *testing.T) {
	for product, c := range map[Product]struct{ file, text, words string }{
		Privoxy: {"rules/bad.action", "{+no-such-action}\n/\n", "no-such-action"},
		Squid:   {"rules/bad.conf", "cache_peer\n", "cache_peer"},
	} {
		t.Run(string(product), func(t *testing.T) {
			needs(t, product)
			g := NewWithT(t)
			o := options(t, product)
			config := fstest.MapFS{c.file: {Data: []byte(c.text)}}
			for name, file := range o.Config.(fstest.MapFS) {
				config[name] = file
			}
			o.Config, o.Rules = config, []string{c.file}
			dir := t.TempDir()
			for _, d := range []string{dir, filepath.Dir(dir)} { // for nobody
				g.Expect(os.Chmod(d, 0o755)).To(Succeed())
			}
			t.Setenv("TMPDIR", dir)
			_, err := Start(within(t), product, o)
			g.Expect(err).To(MatchError(ContainSubstring(c.words)))
			left, err := os.ReadDir(dir)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(left).To(BeEmpty(), "a start that failed leaves nothing either")
		})
	}
}

func TestRootsOwnFolderIsNotUsedWhereNobodyGetsIn(t *testing.T) {
	g := NewWithT(t)
	closed := t.TempDir()
	g.Expect(os.Chmod(closed, 0o700)).To(Succeed())
	t.Setenv("TMPDIR", closed)
	dir, err := user{setpriv: "setpriv"}.folder("cookiegate-test-")
	g.Expect(err).NotTo(HaveOccurred())
	defer os.RemoveAll(dir)
	g.Expect(dir).To(HavePrefix("/tmp/cookiegate-test-"))
	dir, err = user{}.folder("cookiegate-test-")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(dir).To(HavePrefix(closed))
}

func TestATemporaryFolderMayBeNamedFromHere(t *testing.T) {
	for _, product := range Products() {
		t.Run(string(product), func(t *testing.T) {
			needs(t, product)
			g := NewWithT(t)
			dir := t.TempDir()
			for _, d := range []string{dir, filepath.Dir(dir)} { // for nobody
				g.Expect(os.Chmod(d, 0o755)).To(Succeed())
			}
			o := options(t, product)
			t.Chdir(filepath.Dir(dir))
			t.Setenv("TMPDIR", filepath.Base(dir))
			p, err := Start(within(t), product, o)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.settings.Dir).To(HavePrefix(dir))
			g.Expect(p.Close()).To(Succeed())
		})
	}
}

func TestBadOptions(t *testing.T) {
	needs(t, Privoxy)
	for words, change := range map[string]func(*Options){
		"expected a parent proxy": func(o *Options) { o.Parent = "127.0.0.1:80" },
		"no such file":            func(o *Options) { o.Trust = filepath.Join(t.TempDir(), "none.pem") },
		"rules: ":                 func(o *Options) { o.Rules = []string{"rules/none.action"} },
		"can't evaluate field": func(o *Options) {
			o.Config = fstest.MapFS{"privoxy.conf": {Data: []byte("{{.Nonsense}}")}}
		},
	} {
		o := options(t, Privoxy)
		change(&o)
		_, err := Start(within(t), Privoxy, o)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(words)))
	}
	_, err := Start(within(t), "toaster", Options{})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring(`unknown proxy "toaster"`)))
}

func TestWhatIsNotInstalledIsNamedWithItsPackage(t *testing.T) {
	for product, pkg := range map[Product]string{Privoxy: "privoxy", Squid: "squid-openssl"} {
		g := NewWithT(t)
		named := filepath.Join(t.TempDir(), "none")
		t.Setenv(products[product].env, named)
		_, err := Start(within(t), product, Options{})
		missing := (*NotInstalledError)(nil)
		g.Expect(errors.As(err, &missing)).To(BeTrue())
		g.Expect(missing.Package).To(Equal(pkg))
		g.Expect(err).To(MatchError(products[product].env + "=" + named + ": no program is there; expected the path of " + string(product)))
		missing.Named = ""
		g.Expect(err).To(MatchError(HaveSuffix("apt-get install " + pkg)))
	}
}

func TestASquidThatCannotInspectHTTPSIsAsGoodAsNone(t *testing.T) {
	g := NewWithT(t)
	fake := filepath.Join(t.TempDir(), "squid")
	g.Expect(os.WriteFile(fake, []byte("#!/bin/sh\necho 'Squid Cache: Version 5.7'\necho \"configure options:  '--with-gnutls'\"\n"), 0o755)).To(Succeed())
	t.Setenv("COOKIEGATE_SQUID", fake)
	_, err := Find(Squid)
	missing := (*NotInstalledError)(nil)
	g.Expect(errors.As(err, &missing)).To(BeTrue())
	g.Expect(err).To(MatchError("COOKIEGATE_SQUID=" + fake + " was built without https inspection; expected the path of a squid with it"))
	missing.Named = ""
	g.Expect(err).To(MatchError(fake + " was built without https inspection; install one with: apt-get install squid-openssl"))
}

func TestAProgramThatSaysNoVersionIsAnError(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("COOKIEGATE_PRIVOXY", "/bin/true")
	_, err := Find(Privoxy)
	g.Expect(err).To(MatchError(ContainSubstring("says no version")))
}
