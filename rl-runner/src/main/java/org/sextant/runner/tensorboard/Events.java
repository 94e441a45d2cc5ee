// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.tensorboard;

import java.util.Map;

/**
 * TensorFlow's {@code Event} messages that we write. Numbers of fields are those of {@code event.proto}, {@code summary.proto} and {@code
 * tensor.proto}.
 */
final class Events {
    private static final int DT_STRING = 7;
    private static final int SESSION_START = 1;

    private Events() {}

    /** The first record of every file. */
    static byte[] version(double wallTime) {
        return event(wallTime, 0).text(3, "brain.Event:2").encoded();
    }

    /** Says that the run went on from a step: TensorBoard forgets what earlier files have after it. */
    static byte[] restart(double wallTime, long step) {
        return event(wallTime, step)
                .message(7, new Message().number(1, SESSION_START))
                .encoded();
    }

    /** One number for each tag. */
    static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
        Message summary = new Message();
        values.forEach(
                (tag, value) -> summary.message(1, new Message().text(1, tag).decimal(2, value.floatValue())));
        return event(wallTime, step).message(5, summary).encoded();
    }

    /** A text, which TensorBoard shows as Markdown. */
    static byte[] text(double wallTime, long step, String tag, String markdown) {
        Message shape = new Message().message(2, new Message().number(1, 1));
        Message tensor = new Message().number(1, DT_STRING).message(2, shape).text(8, markdown);
        Message metadata = new Message().message(1, new Message().text(1, "text"));
        Message value = new Message().text(1, tag).message(8, tensor).message(9, metadata);
        return event(wallTime, step).message(5, new Message().message(1, value)).encoded();
    }

    private static Message event(double wallTime, long step) {
        return new Message().decimal(1, wallTime).number(2, step);
    }
}
