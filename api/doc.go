// Package api is the HTTP edge of the desk: one list of routes, a file per
// resource, OpenAPI 3.1, the upgrade of the live socket, health and metrics.
//
//	request ─► id, log, metrics, panics ─► security headers ─► /in/ ─► gateway
//	                                              │
//	                                  cross-origin protection
//	                                              │
//	                            the route's rule: who may call it ─► handler ─► rules and store
//
// It reads through store and writes through the rules (conversation, routing,
// presence, auth); it has none of its own. A route that does not say who may
// call it cannot be registered. Errors are RFC 9457 problem documents.
package api
