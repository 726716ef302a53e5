// Package rapporttest is a world in a test: a database, named people who act
// through the real rules, and the whole program.
//
//	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
//		w.Queue("support", "ana", "ben")
//		w.Inbox("site", "support")
//		w.Write("maria", "Where is my parcel?")
//		w.Reply(w.Of("maria").AssigneeName, "maria", "On its way.")
//		w.Refused("already_assigned").Claim("ben", "maria")
//	})
//
// Names are enough: whoever is named for the first time comes to be. When the
// test ends the world is checked for what must hold whatever happened in it
// (World.Check).
package rapporttest
