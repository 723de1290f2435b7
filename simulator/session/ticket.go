package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
)

// sealer turns the identity of a session into a ticket and back. A ticket is one AES block, so it needs no table to be found again, it says
// whose it was even when the session is long gone, and one that this sealer has not made does not open.
type sealer struct{ block cipher.Block }

// identity is what a ticket holds.
type identity struct {
	slot   uint32
	owner  uint32
	serial uint64 // 40 bits
}

var ticketEncoding = base64.StdEncoding.Strict()

const ticketLength = 24 // characters

func newSealer() sealer {
	var key [16]byte
	rand.Read(key[:])
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	return sealer{block}
}

// The block holds slot, owner and serial, and three bytes of zero to know our own by.
func (s sealer) seal(id identity) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[0:], id.serial)
	binary.BigEndian.PutUint32(b[8:], id.slot)
	binary.BigEndian.PutUint32(b[12:], id.owner)
	s.block.Encrypt(b[:], b[:])
	return ticketEncoding.EncodeToString(b[:])
}

func (s sealer) open(ticket string) (identity, bool) {
	if len(ticket) != ticketLength {
		return identity{}, false
	}
	var text [ticketLength]byte
	var b [aes.BlockSize + 2]byte // room for the decoder's last quantum
	copy(text[:], ticket)
	if n, err := ticketEncoding.Decode(b[:], text[:]); err != nil || n != aes.BlockSize {
		return identity{}, false
	}
	s.block.Decrypt(b[:aes.BlockSize], b[:aes.BlockSize])
	id := identity{
		serial: binary.BigEndian.Uint64(b[0:]),
		slot:   binary.BigEndian.Uint32(b[8:]),
		owner:  binary.BigEndian.Uint32(b[12:]),
	}
	return id, id.serial>>40 == 0
}
