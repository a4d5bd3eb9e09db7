/*
 * cores -- how many cores the cgroups of a process leave it.
 */
#ifndef STREAM_CORES_H
#define STREAM_CORES_H

/*
 * The smallest quota of CPU time, in cores rounded up, that holds for the
 * cgroups listed in ${list} (as /proc/self/cgroup) under ${root} (as
 * /sys/fs/cgroup); 0 where there is none.
 */
unsigned cores_quota(const char *list, const char *root);

#endif
