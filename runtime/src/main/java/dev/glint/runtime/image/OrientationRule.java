package dev.glint.runtime.image;

/** What becomes of the EXIF orientation tag. */
public enum OrientationRule {
    /** The picture is turned upright. */
    APPLY {
        @Override
        public Image apply(Image image) {
            return image.upright();
        }
    },
    /** The samples stay as stored. */
    IGNORE {
        @Override
        public Image apply(Image image) {
            return image;
        }
    };

    /** The picture as the rule wants it; the same object if nothing is to be turned. */
    public abstract Image apply(Image image);
}
