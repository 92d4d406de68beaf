/** How a model speaks of places in images. */

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** An image of a row: its own size, and that which the processor is given (`--max_pixels`). */
export interface SizedImage {
  readonly own: ImageSize;
  readonly given: ImageSize;
}

/** [x1, y1, x2, y2] of a box, left and upper edge first; or [x, y] of a point. */
export type Place = readonly number[];

/** The numbers that stand for places. */
export interface Frame {
  /** The numbers of the right and of the lower edge; 0 is the left and the upper one. @param size as the processor is given the image */
  edges(size: ImageSize): ImageSize;
  /** Which whole number a place gets: the nearest (of two the even one), or the one before it. */
  readonly rounding: 'nearest' | 'below';
  /** The largest number that can be written, where that is not the edge's. */
  readonly largest?: number;
}

/** A place that a text speaks of, in numbers of its frame. */
export interface SpokenPlace {
  /** The thing that is there, where the text says. */
  readonly ref?: string;
  readonly place: Place;
}

/** Things that an answer speaks of: for each a name, empty where it gives none, and where it is in the image, in pixels. */
export interface FoundObjects {
  readonly ref: readonly string[];
  readonly bbox: readonly Place[];
}

/** A model's own convention for boxes and points, both ways. */
export interface Grounding {
  readonly frame: Frame;
  /** The name of a thing, as texts hold it. */
  refText(name: string): string;
  /** Places of one thing, as texts hold them, in whole numbers of the frame. */
  placesText(places: readonly Place[]): string;
  /** The places that an answer speaks of, in its order. */
  read(text: string): readonly SpokenPlace[];
}
