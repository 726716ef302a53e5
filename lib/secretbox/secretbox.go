// Package secretbox keeps small secrets at rest: channel tokens, webhook keys.
// It guards a copied database, not a taken machine: who can read the key file
// can open the boxes.
package secretbox

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length of a key in bytes.
const KeySize = chacha20poly1305.KeySize

// version begins every sealed text, so that the cipher can change one day.
const version = "v1."

// ErrBroken says that a sealed text was altered, or sealed with another key or
// for another purpose.
var ErrBroken = errors.New("the secret cannot be opened: it was altered, or sealed with another key")

// Secret is a text that shows itself as *** wherever it is printed, logged or
// encoded. Reveal is the only way to its value.
type Secret string

const hidden = "***"

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

func (Secret) String() string               { return hidden }
func (Secret) GoString() string             { return hidden }
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
func (Secret) LogValue() slog.Value         { return slog.StringValue(hidden) }

// Box seals and opens with one key. Its methods may be called from any goroutine.
type Box struct {
	aead cipher.AEAD
	key  []byte
}

// New returns a box for a key of KeySize bytes.
func New(key []byte) (*Box, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("the key of the secret box must have %d bytes, not %d", KeySize, len(key))
	}
	return &Box{aead, slices.Clone(key)}, nil
}

// Open returns a box for the key in a file. A file that is not there yet is
// created with a fresh key, readable by its owner alone.
func Open(path string) (*Box, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key of the secret box: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("key of the secret box: %s does not hold %d bytes in base64; restore it from your backup", path, KeySize)
	}
	return New(key)
}

// create writes the key beside its place first and links it there, so that two
// processes that start together end up with the same whole key.
func create(path string) ([]byte, error) {
	key := make([]byte, KeySize)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600 by its contract
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// Derive returns a key for another purpose, such as signing addresses; it
// tells nothing about the box's own.
func (b *Box) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, b.key, nil, "rapport "+purpose, sha256.Size)
	if err != nil {
		panic("a derived key of 32 bytes: " + err.Error()) // shorter than the limit by far
	}
	return key
}

// Seal encrypts a secret. purpose, for example the id of the inbox, must be
// given again to open it: a sealed text moved elsewhere stays shut.
func (b *Box) Seal(s Secret, purpose string) string {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(s)+b.aead.Overhead())
	rand.Read(nonce)
	return version + base64.RawURLEncoding.EncodeToString(b.aead.Seal(nonce, nonce, []byte(s), []byte(purpose)))
}

// Open decrypts what Seal made for the same purpose; else ErrBroken.
func (b *Box) Open(sealed, purpose string) (Secret, error) {
	text, found := strings.CutPrefix(sealed, version)
	if !found {
		return "", ErrBroken
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) < b.aead.NonceSize() {
		return "", ErrBroken
	}
	n := b.aead.NonceSize()
	plain, err := b.aead.Open(nil, data[:n], data[n:], []byte(purpose))
	if err != nil {
		return "", ErrBroken
	}
	return Secret(plain), nil
}
