// SPDX-License-Identifier: Apache-2.0
/** What the loop tells its listeners: progress line, metrics files, TensorBoard, detectors. */
package org.sextant.api.events;
