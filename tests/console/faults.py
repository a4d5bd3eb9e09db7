"""Faults by schedule.

A rule is a JSON object; the first one that fires decides about a request.

  when      match    a regular expression on path?query (all)
            from,to  only the from-th to the to-th request that matches, from 1
            attempts only the first so many requests for one path?query
            p        only this share of requests, by a hash, so always the same
                     (and one hash a request: shares of several rules overlap)
            after,until  seconds since the first request
  what      do       status, reset, cut, short, garbage, html, empty, never,
                     drop, stall, redirect, slow, headers
            status, retry_after (seconds), date (Retry-After as a date),
            location, seconds, headers {name: value}

  status    an answer with that status and a small JSON body
  reset     half of the body, then RST        cut    half of the body, then FIN
  short     half of the JSON, as a whole answer
  garbage   no JSON     html  a web page      empty  no body, status 200
  never     no answer   drop  closed without one     stall  half, then nothing
  slow      the right answer, seconds later   headers  it, with more headers
"""
import hashlib
import json
import re


class Faults:
    def __init__(self, rules, seed):
        self.rules = [(re.compile(r.get('match', '')), r) for r in rules]
        self.seed = seed
        self.matched = [0] * len(rules)
        self.tries = {}

    @classmethod
    def read(cls, source, seed):
        if not source:
            return cls([], seed)
        if source.startswith('@'):
            with open(source[1:], encoding='utf-8') as f:
                source = f.read()
        return cls(json.loads(source), seed)

    def chance(self, target, attempt):
        h = hashlib.sha256(f'{self.seed} {target} {attempt}'.encode())
        return int(h.hexdigest()[:12], 16) / 16 ** 12

    def choose(self, target, now):
        """The rule for this request, or None."""
        attempt = self.tries[target] = self.tries.get(target, 0) + 1
        for n, (pattern, rule) in enumerate(self.rules):
            if not pattern.search(target):
                continue
            self.matched[n] += 1
            if rule.get('from', 1) <= self.matched[n] <= \
                    rule.get('to', 1 << 60) and \
                    attempt <= rule.get('attempts', 1 << 60) and \
                    rule.get('after', 0) <= now < rule.get('until', 1e9) and \
                    self.chance(target, attempt) < rule.get('p', 2):
                return rule
        return None
