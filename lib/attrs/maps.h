/*
 * maps -- attributes whose keys are data: found, or named by the user, and
 * folded into one {} step.  This shapes a final result: the sum of two shaped
 * results is not the shaped sum.
 */
#ifndef ATTRS_MAPS_H
#define ATTRS_MAPS_H

#include "attrs/scan.h"

/* A path of --map or --no-map, read. */
struct map_path {
	const char *text;	/* as given; not owned */
	struct step *steps;
	size_t n, cap;
	struct buf keys;
	struct buf path;	/* as path_write() writes it, NUL behind */
};

/* 0, or -1 with a message in ${why}. */
int map_path_read(struct map_path *, const char *text, struct buf *why);
void map_path_release(struct map_path *);

/*
 * Before anything is read into ${scan}: keys at this path go under {} from the
 * start, so that the memory is that of the map.  Paths through a map's {} come
 * after the map's.
 */
void map_path_apply(const struct map_path *, struct scan *);

/*
 * After everything was read: was something folded there?  Then the scan is
 * marked as folded.  -1: there is no such attribute.
 */
int map_path_settle(const struct map_path *, struct scan *,
		    const struct scan_opts *);

/*
 * --detect-maps: folds, from the top down, every attribute that looks like a
 * map, with a map_reason, unless one of the ${n} paths ${keep} names it.  Looks
 * like a map: more than 200 keys, mean presence below 0.1, and the same active
 * versions in 90 % of the keys or more.  Returns how many were folded.
 */
size_t maps_detect(struct scan *, const struct map_path *keep, size_t n);

#endif
