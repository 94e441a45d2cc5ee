// SPDX-License-Identifier: Apache-2.0
/**
 * Writing TensorBoard's event files: scalars and texts. The format is three layers: records with checksums, protocol-buffer messages in them, and
 * TensorFlow's {@code Event} as the message.
 */
package org.sextant.runner.tensorboard;
