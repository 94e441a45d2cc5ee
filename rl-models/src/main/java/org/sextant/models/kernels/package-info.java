// SPDX-License-Identifier: Apache-2.0
/**
 * The primitives under the transformer: matrices in accounted arenas, and the operations on them.
 *
 * <p>{@link org.sextant.models.kernels.Kernels} is the seam. {@link org.sextant.models.kernels.ReferenceKernels}
 * computes in double precision with plain loops: the oracle of every test, and the fallback where nothing faster runs.
 * {@link org.sextant.models.kernels.VectorKernels} computes in float32 with the vectors of the processor.
 * {@link org.sextant.models.kernels.KernelsChoice} opens one of them.
 */
package org.sextant.models.kernels;
