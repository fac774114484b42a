/* The time of day, moved by JPKI_TEST_CLOCK_SHIFT seconds: for scripts/sweep-dates, by LD_PRELOAD.

   It answers what asks for the time of day, and leaves alone what waits. Debian 12's libfaketime (0.9.10) replaces the
   waiting functions too: under it time.sleep of Python ends in EINVAL, or the interpreter in an abort of take_gil. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t shift(void)
{
    const char *text = getenv("JPKI_TEST_CLOCK_SHIFT");
    return text == NULL ? 0 : (time_t)strtoll(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec at;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &at) != 0)
        return -1;
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *stored)
{
    struct timespec at;
    if (clock_gettime(CLOCK_REALTIME, &at) != 0)
        return (time_t)-1;
    if (stored != NULL)
        *stored = at.tv_sec;
    return at.tv_sec;
}
