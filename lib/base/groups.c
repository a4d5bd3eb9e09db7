/*
 * groups -- process groups that do not outlive this process.
 */
#include "base/groups.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

static _Atomic pid_t *groups;	/* 0: none */
static atomic_uint ngroups;

void groups_room(unsigned max)
{
	_Atomic pid_t *room = mem_zalloc(max, sizeof(*room));

	atomic_store(&ngroups, 0);
	free(groups);
	groups = room;
	atomic_store(&ngroups, max);
}

void groups_set(unsigned slot, pid_t group)
{
	if (slot < atomic_load(&ngroups))
		atomic_store(&groups[slot], group);
}

/* Ends the groups, then this process in the way the signal asks for. */
static void on_end(int signo)
{
	unsigned n = atomic_load(&ngroups);

	for (unsigned i = 0; i < n; i++) {
		pid_t group = atomic_load(&groups[i]);

		if (group > 0)
			kill(-group, SIGKILL);
	}
	/* SA_RESETHAND has put the default action back. */
	raise(signo);
}

static int guard(int signo)
{
	struct sigaction act = { .sa_handler = on_end,
				 .sa_flags = (int)SA_RESETHAND }, old;

	sigemptyset(&act.sa_mask);
	if (sigaction(signo, NULL, &old))
		return -1;
	if (old.sa_handler == SIG_IGN)
		return 0;
	return sigaction(signo, &act, NULL);
}

int groups_guard(void)
{
	if (guard(SIGHUP) || guard(SIGQUIT))
		return -1;
	return guard(SIGPIPE);
}

int groups_guard_second(void)
{
	return guard(SIGTERM) ? -1 : guard(SIGINT);
}
