package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"rapport"
	"rapport/channel"
	"rapport/lib/point"
)

const (
	longestIdentity = 8 << 10 // bytes of a signed identity
	longestLife     = 24 * time.Hour
	leeway          = 30 * time.Second // clocks differ
	maxSubject      = 200
	maxName         = 100
)

// claims is what a website says of a visitor who is signed in there.
type claims struct {
	jwt.RegisteredClaims        // sub is the customer's id on the website; exp is needed
	Name                 string `json:"name"`
	Phone                string `json:"phone"`
	Email                string `json:"email"`
}

// identify verifies a signed identity and returns the visitor it speaks for,
// without a token yet. A phone number or e-mail address that cannot be read is
// left out: a slip in the website's data must not keep the customer from writing.
func (a *adapter) identify(signed string) (channel.Visitor, error) {
	if len(signed) > longestIdentity {
		return channel.Visitor{}, refuse("The identity is longer than %d bytes.", longestIdentity)
	}
	var c claims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithLeeway(leeway))
	_, err := parser.ParseWithClaims(signed, &c, func(*jwt.Token) (any, error) { return a.secret, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return channel.Visitor{}, refuse("The identity has expired.")
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return channel.Visitor{}, refuse("The identity needs the claim exp.")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return channel.Visitor{}, refuse("The identity is not signed with HS256 and this inbox's identity secret.")
	case err != nil:
		return channel.Visitor{}, refuse("The identity is not a valid JWT.")
	case time.Until(c.ExpiresAt.Time) > longestLife+leeway:
		return channel.Visitor{}, refuse("The identity is good for too long; at most 24 hours are allowed.")
	case c.Subject == "" || len(c.Subject) > maxSubject || !utf8.ValidString(c.Subject):
		return channel.Visitor{}, refuse("The identity needs the claim sub, the customer's id, of 1 to %d bytes.", maxSubject)
	case len(c.Audience) > 0 && !slices.Contains(c.Audience, string(a.setup.Inbox.ID)):
		return channel.Visitor{}, refuse("The identity is meant for another inbox (claim aud).")
	}
	own := rapport.Point{Kind: rapport.PointExternal, Address: string(a.setup.Inbox.ID) + ":" + c.Subject, Shown: c.Subject}
	v := channel.Visitor{Point: own, Verified: true, ExpiresAt: c.ExpiresAt.Add(leeway), Points: []rapport.Point{own}}
	if utf8.RuneCountInString(c.Name) <= maxName && utf8.ValidString(c.Name) {
		v.Name = c.Name
	}
	for kind, text := range map[rapport.PointKind]string{rapport.PointPhone: c.Phone, rapport.PointEmail: c.Email} {
		if text == "" {
			continue
		}
		p, err := point.Parse(kind, text, a.setup.Host.Country())
		if err != nil {
			a.setup.Log.Warn("an identity has an address that cannot be read", "channel", info.Kind, "inbox", a.setup.Inbox.ID, "claim", kind, "error", err)
			continue
		}
		v.Points = append(v.Points, p)
	}
	return v, nil
}

func refuse(format string, args ...any) error {
	return rapport.Errorf(rapport.Unauthenticated, "identity_invalid", format, args...)
}

// stranger is a visitor of whom nothing is known. The address under which the
// conversation is kept is not the token: agents may see it.
func (a *adapter) stranger() channel.Visitor {
	return channel.Visitor{
		Point:     rapport.Point{Kind: rapport.PointVisitor, Address: string(a.setup.Inbox.ID) + ":" + unguessable()},
		ExpiresAt: time.Now().Add(anonymousLife),
	}
}

// unguessable is 256 random bits as text.
func unguessable() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// fingerprint of a token: what is stored in its place.
func fingerprint(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
