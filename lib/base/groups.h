/*
 * groups -- process groups that do not outlive this process.
 *
 * Workers stand in groups of their own, so that a terminal's Ctrl-C reaches
 * them only through us.  The price: who ends us must not leave them behind.
 * groups_guard() takes the signals that would end the process (HUP, QUIT, PIPE,
 * and TERM and INT once stopping was asked for) and ends the groups first.
 * Against KILL there is no guard; workers see the end of their input then.
 *
 * Main thread only.
 */
#ifndef BASE_GROUPS_H
#define BASE_GROUPS_H

#include <sys/types.h>

/* Handlers of HUP, QUIT and PIPE, unless these are ignored.  0 or -1, errno. */
int groups_guard(void);
/* TERM and INT too: the second signal.  0 or -1, errno. */
int groups_guard_second(void);

/*
 * Up to ${max} groups can be there; before the first groups_add().  Slots are
 * numbered by the caller.  groups_set(${slot}, 0) takes one out.
 */
void groups_room(unsigned max);
void groups_set(unsigned slot, pid_t group);

#endif
