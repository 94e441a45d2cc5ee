// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.sextant.runner.loop.StopRequest;

/**
 * Hears ctrl-C and the signal that schedulers send. The first asks the loop to stop after the step; the second ends the process at once, which
 * leaves nothing half-written under a final name.
 *
 * <p>The JVM has no public interface for signals. A shutdown hook will not do: once it runs, a second ctrl-C is not delivered. {@code
 * sun.misc.Signal} is exported for this use, but naming it in source is a compiler warning that cannot be switched off, so it is called by
 * reflection; where it is not there, ctrl-C ends the process at once.
 */
final class StopSignals implements StopRequest, AutoCloseable {
    private final PrintStream err;
    private final List<Runnable> restore = new ArrayList<>();
    private volatile boolean requested;

    private StopSignals(PrintStream err) {
        this.err = err;
    }

    static StopSignals install(PrintStream err) {
        StopSignals signals = new StopSignals(err);
        signals.handle("INT");
        signals.handle("TERM");
        return signals;
    }

    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> received();
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> "stop after this step";
                    });
            Object named = signal.getConstructor(String.class).newInstance(name);
            Method handle = signal.getMethod("handle", signal, handler);
            Object before = handle.invoke(null, named, proxy);
            restore.add(() -> invoke(handle, named, before));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            err.println("warning: cannot listen to signal " + name + ", so it ends the run without a checkpoint");
        }
    }

    private static Object invoke(Method handle, Object signal, Object handler) {
        try {
            return handle.invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a signal that could be handled cannot be given back", e);
        }
    }

    private Object received() {
        if (requested) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        requested = true;
        err.println();
        err.println("stopping after this step, with a checkpoint; once more to stop at once");
        return null;
    }

    @Override
    public boolean requested() {
        return requested;
    }

    /** Signals mean again what they meant before. */
    @Override
    public void close() {
        restore.forEach(Runnable::run);
    }
}
