/*
 * hadoop -- what Hadoop Streaming reads on a task's standard error.
 */
#ifndef BASE_HADOOP_H
#define BASE_HADOOP_H

#include <stdint.h>

/*
 * Adds ${n} to the counter ${name} (no comma in it) of the group Penstock: one
 * line and one write, "reporter:counter:GROUP,NAME,N"; nothing for 0.  A
 * counter is a courtesy, like a message: that it cannot be told is no failure.
 * Any thread.
 */
void hadoop_count(const char *name, uint64_t n);

#endif
