// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;

/**
 * Tokens of one piece of work in a second, best of several repeats after a warm-up.
 *
 * @param tokensPerSecond by the clock on the wall
 * @param tokensPerCpuSecond by the processor time of the whole process: all threads, compiler and garbage collector included
 */
record Throughput(double tokensPerSecond, double tokensPerCpuSecond) {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /**
     * How long to measure.
     *
     * @param warmUp nanoseconds and runs before anything is measured: the virtual machine compiles what is hot while it runs
     * @param repeats of which the best counts
     * @param repeat least nanoseconds of a repeat: processor time is counted in ticks of 10 ms
     */
    record Timing(long warmUp, int warmUpRuns, int repeats, long repeat) {
        static Timing thorough(int repeats) {
            // On one core the compiler takes turns with the work: small shapes are at full speed only after some
            // seconds.
            return new Timing(8_000_000_000L, 5, repeats, 500_000_000L);
        }
    }

    /** @param work does it once and says how many tokens that were */
    static Throughput best(IntSupplier work, Timing timing) {
        long begin = System.nanoTime();
        for (int i = 0; i < timing.warmUpRuns || System.nanoTime() - begin < timing.warmUp; i++) {
            work.getAsInt();
        }
        double wall = 0;
        double processor = 0;
        for (int i = 0; i < timing.repeats; i++) {
            long processorBefore = PROCESS.getProcessCpuTime();
            long start = System.nanoTime();
            long tokens = 0;
            do {
                long before = System.nanoTime();
                int done = work.getAsInt();
                wall = Math.max(wall, perSecond(done, System.nanoTime() - before));
                tokens += done;
            } while (System.nanoTime() - start < timing.repeat);
            processor = Math.max(processor, perSecond(tokens, PROCESS.getProcessCpuTime() - processorBefore));
        }
        return new Throughput(wall, processor);
    }

    private static double perSecond(long tokens, long nanos) {
        return tokens * 1e9 / Math.max(1, nanos);
    }
}
