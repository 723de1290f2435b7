package network

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestMintedCertificatesAreValidForTheirHostOnly(t *testing.T) {
	g := NewWithT(t)
	a, err := NewAuthority()
	g.Expect(err).NotTo(HaveOccurred())
	for _, host := range []string{"acme.webex.com", "xn--bcher-kva.example", "127.0.0.1", "::1"} {
		c, err := a.Certificate(host)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: a.Pool()})
		g.Expect(err).NotTo(HaveOccurred())
		_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: "other.example", Roots: a.Pool()})
		g.Expect(err).To(HaveOccurred())
		again, err := a.Certificate(host)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(again).To(BeIdenticalTo(c))
	}
}

func TestAnAuthorityIsSavedAndLoaded(t *testing.T) {
	for name, make := range map[string]func() (*Authority, error){"ECDSA": NewAuthority, "RSA": NewRSAAuthority} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			cert, key := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "ca.key")
			a, err := make()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(a.Save(cert, key)).To(Succeed())
			info, err := os.Stat(key)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))

			b, err := LoadAuthority(cert, key)
			g.Expect(err).NotTo(HaveOccurred())
			c, err := b.Certificate("acme.webex.com")
			g.Expect(err).NotTo(HaveOccurred())
			_, err = c.Leaf.Verify(x509.VerifyOptions{DNSName: "acme.webex.com", Roots: a.Pool()})
			g.Expect(err).NotTo(HaveOccurred())
		})
	}
}

func TestASavedKeyIsItsOwnersAloneWhereThereWasAFileBefore(t *testing.T) {
	g := NewWithT(t)
	cert, key := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "ca.key")
	g.Expect(os.WriteFile(key, []byte("old"), 0o644)).To(Succeed())
	a, err := NewAuthority()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(a.Save(cert, key)).To(Succeed())
	info, err := os.Stat(key)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
}

func TestWhatIsNoAuthorityIsNotLoaded(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca.key")
	_, err := LoadAuthority(cert, key)
	g.Expect(err).To(MatchError(ContainSubstring(cert)))

	a, err := NewAuthority()
	g.Expect(err).NotTo(HaveOccurred())
	leaf, err := a.Certificate("acme.webex.com")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect((&Authority{root: leaf.Leaf, key: a.leaf}).Save(cert, key)).To(Succeed())
	_, err = LoadAuthority(cert, key)
	g.Expect(err).To(MatchError(ContainSubstring("may not sign")))
}

func BenchmarkNewAuthorityAndCertificate(b *testing.B) {
	for b.Loop() {
		a, err := NewAuthority()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Certificate("acme.webex.com"); err != nil {
			b.Fatal(err)
		}
	}
}
