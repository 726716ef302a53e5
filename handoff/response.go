package handoff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"rapport/lib/ssrf"
)

// Refusal maps the answer of a bot's server to what is to be done, nil when it
// is a success.
func Refusal(answer *http.Response, who string, now time.Time) error {
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return Unauthorized(nil, "%s refuses us (HTTP %d).", who, code)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		if wait := retryAfter(answer.Header.Get("Retry-After"), now); wait > 0 {
			return RetryAfter(wait, "%s asks to come back later (HTTP %d).", who, code)
		}
		return Temporary(nil, "%s is overloaded (HTTP %d).", who, code)
	case code >= 500 || code == http.StatusRequestTimeout || code == http.StatusTooEarly || code == http.StatusConflict:
		return Temporary(nil, "%s failed (HTTP %d).", who, code)
	default:
		return Permanent(nil, "%s does not take this (HTTP %d).", who, code)
	}
}

// Unreached is the failure of a request that got no answer.
func Unreached(err error, who string) error {
	if errors.Is(err, ssrf.ErrRefused) {
		return Permanent(err, "The address of %s is not on the public internet; the operator can allow it.", who)
	}
	return Temporary(err, "%s could not be reached, or did not answer in time.", who)
}

// retryAfter reads the header of RFC 9110 §10.2.3, at most an hour.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(max(seconds, 0), 3600)) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), time.Hour)
}
