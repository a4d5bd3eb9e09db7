/*
 * cgroup -- the folders of the control groups that a process is in.
 *
 * A limit on any group above counts too, so each path is walked up to the root.
 * In a container the path in /proc/self/cgroup may be that of the host, which
 * is not mounted here; the walk then ends at the mounted root, which is the
 * container's own group.
 */
#ifndef STREAM_CGROUP_H
#define STREAM_CGROUP_H

#include <stdbool.h>

/*
 * Calls ${see} for each folder of the groups listed in ${list} (as
 * /proc/self/cgroup) under ${root} (as /sys/fs/cgroup): those of version 2, and
 * those of version 1 (${v1}) that have ${controller} ("cpu").
 */
void cgroup_walk(const char *list, const char *root, const char *controller,
		 void (*see)(void *arg, const char *folder, bool v1),
		 void *arg);

/*
 * The first two words of a file, "" where there are fewer; false where it
 * cannot be read or is empty.
 */
bool cgroup_words(const char *folder, const char *file, char one[32],
		  char two[32]);

#endif
