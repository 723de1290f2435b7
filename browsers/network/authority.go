package network

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"sync"
	"time"
)

// Authority is a certificate authority of our own. It mints a certificate for every host name of a case.
type Authority struct {
	root *x509.Certificate
	key  crypto.Signer
	leaf *ecdsa.PrivateKey // one key for all hosts: making one costs more than signing

	mu     sync.Mutex
	minted map[string]*tls.Certificate
}

const (
	rootLife = 10 * 365 * 24 * time.Hour
	// leafLife is below the 398 days that browsers accept at most.
	leafLife = 365 * 24 * time.Hour
	// backdate keeps a machine whose clock lags from refusing a certificate made just now.
	backdate = 24 * time.Hour
)

// NewAuthority makes an authority whose key exists in memory only.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return selfSigned(key)
}

// NewRSAAuthority makes one with a key that every filtering proxy understands: Privoxy's TLS library knows no other. It takes some hundred
// times as long.
func NewRSAAuthority() (*Authority, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return selfSigned(key)
}

func selfSigned(key crypto.Signer) (*Authority, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               commonName("cookiegate test authority " + hex.EncodeToString(serial.Bytes()[:4])),
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(rootLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return newAuthority(root, key)
}

// commonName writes a name as UTF-8 even where a simpler string type would do: the TLS library of Privoxy does so when it copies the name
// into the certificates that it mints, and Go compares byte for byte.
func commonName(name string) pkix.Name {
	return pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{{
		Type:  asn1.ObjectIdentifier{2, 5, 4, 3},
		Value: asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(name)},
	}}}
}

func newAuthority(root *x509.Certificate, key crypto.Signer) (*Authority, error) {
	leaf, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &Authority{root: root, key: key, leaf: leaf, minted: map[string]*tls.Certificate{}}, nil
}

// LoadAuthority reads an authority that Save wrote, so that a person's own browser has to be told of it only once.
func LoadAuthority(certFile, keyFile string) (*Authority, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("certificate authority %s, %s: %w", certFile, keyFile, err)
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("certificate authority %s: expected a key that can sign, found %T", keyFile, pair.PrivateKey)
	}
	if !pair.Leaf.IsCA {
		return nil, fmt.Errorf("certificate authority %s: the certificate may not sign others", certFile)
	}
	if time.Now().After(pair.Leaf.NotAfter) {
		return nil, fmt.Errorf("certificate authority %s: expired on %s", certFile, pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	return newAuthority(pair.Leaf, key)
}

// Save writes the certificate and the key as PEM files, the key readable by its owner only.
func (a *Authority) Save(certFile, keyFile string) error {
	key, err := a.KeyPEM()
	if err != nil {
		return err
	}
	if err := os.Remove(keyFile); err != nil && !errors.Is(err, fs.ErrNotExist) { // a file that is there would keep its mode
		return err
	}
	return errors.Join(os.WriteFile(certFile, a.PEM(), 0o644), os.WriteFile(keyFile, key, 0o600))
}

// PEM is the authority's certificate, to be trusted by browsers and servers.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// KeyPEM is the authority's key, for a filtering proxy that has to mint certificates too.
func (a *Authority) KeyPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Pool holds the authority's certificate and no other.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return pool
}

// Certificate is the certificate of a host name or IP address, minted when first asked for.
func (a *Authority) Certificate(host string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.minted[host]; ok {
		return c, nil
	}
	c, err := a.mint(host)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", host, err)
	}
	a.minted[host] = c
	return c, nil
}

func (a *Authority) mint(host string) (*tls.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{"cookiegate"}}, // names live in the SAN, which has no length limit
		NotBefore:    now.Add(-backdate),
		NotAfter:     now.Add(leafLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, a.leaf.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.leaf, Leaf: leaf}, nil
}

func newSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	return serial.SetBit(serial, 119, 1), nil // always of the same length, never zero
}
