// Package problem writes errors as RFC 9457 problem documents. It is the one
// place where a kind of error becomes an HTTP status.
package problem

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"

	"rapport"
)

// Status is the HTTP status of a kind of error.
func Status(kind rapport.ErrorKind) int {
	switch kind {
	case rapport.Invalid:
		return http.StatusBadRequest
	case rapport.Unauthenticated:
		return http.StatusUnauthorized
	case rapport.Forbidden:
		return http.StatusForbidden
	case rapport.NotFound:
		return http.StatusNotFound
	case rapport.Conflict:
		return http.StatusConflict
	case rapport.TooMany:
		return http.StatusTooManyRequests
	case rapport.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Write answers a request with an error. The cause stays inside: what is not
// a *rapport.Error is shown as an internal error without a word about it.
func Write(w http.ResponseWriter, err error) {
	known, ok := errors.AsType[*rapport.Error](err)
	if !ok {
		known = rapport.Errorf(rapport.Internal, "internal", "Something went wrong on our side; it has been logged.")
	}
	status := Status(known.Kind)
	document := map[string]any{}
	maps.Copy(document, known.Detail)
	document["title"] = http.StatusText(status)
	document["status"] = status
	document["detail"] = known.Message
	document["code"] = known.Code
	if known.Field != "" {
		document["field"] = known.Field
	}
	body, err := json.Marshal(document)
	if err != nil { // a member of Detail that JSON cannot express
		body, status = []byte(`{"title":"Internal Server Error","status":500,"code":"internal"}`), http.StatusInternalServerError
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body)
}
