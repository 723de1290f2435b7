package simulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/simulator/session"
)

// Certificates are a certificate authority and the certificate for all sites that it has signed. They are made when they are first needed. The zero value
// is ready to use; one that is shared is one authority for several servers.
type Certificates struct {
	once sync.Once
	err  error
	ca   *x509.Certificate
	leaf tls.Certificate
}

// CA is the authority's certificate, for a pool of trusted ones.
func (c *Certificates) CA() (*x509.Certificate, error) {
	c.once.Do(c.mint)
	return c.ca, c.err
}

// PEM is the authority's certificate as a file to trust.
func (c *Certificates) PEM() ([]byte, error) {
	ca, err := c.CA()
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), nil
}

// TLS is a server's configuration.
func (c *Certificates) TLS() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		c.once.Do(c.mint)
		return &c.leaf, c.err
	}}
}

func (c *Certificates) mint() {
	const day = 24 * time.Hour
	now := time.Now()
	template := func(serial int64, name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
			NotBefore: now.Add(-day), NotAfter: now.Add(365 * day),
			KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		}
	}
	authority := template(1, "cookiegate simulator CA")
	authority.IsCA, authority.KeyUsage = true, x509.KeyUsageCertSign
	site := template(now.UnixNano(), "*."+session.Domain)
	site.DNSNames = []string{"*." + session.Domain, "localhost"}
	site.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	site.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}

	sign := func(certificate, parent *x509.Certificate, of, by *ecdsa.PrivateKey) *x509.Certificate {
		if c.err != nil {
			return nil
		}
		var der []byte
		if der, c.err = x509.CreateCertificate(rand.Reader, certificate, parent, &of.PublicKey, by); c.err != nil {
			return nil
		}
		var signed *x509.Certificate
		signed, c.err = x509.ParseCertificate(der)
		return signed
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.err = err
		return
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.err = err
		return
	}
	c.ca = sign(authority, authority, caKey, caKey)
	leaf := sign(site, c.ca, leafKey, caKey)
	if c.err == nil {
		c.leaf = tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey, Leaf: leaf}
	}
}
