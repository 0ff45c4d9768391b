package org.trefoilhub.hub.smart.sso.certificate;

/** Why a certificate does not let in, and what the person is told. */
enum CertificateErrorCode {
    /** Certificate or signature cannot be read. */
    MALFORMED("TREFOIL-CRT-0001", "证书或签名无法识别。", "The certificate or the signature cannot be read."),
    /** The signature is not the certificate's, or not over this challenge. */
    WRONG_SIGNATURE("TREFOIL-CRT-0002", "签名与本次登录请求不符。", "The signature does not belong to this sign-in."),
    /** The challenge is too old, was answered before, or was never given to this page. */
    NO_CHALLENGE("TREFOIL-CRT-0003", "登录请求已过期或已使用，请重新签名。", "The request has expired or was used. Please sign again."),
    /** No chain leads from the certificate to a trusted authority. */
    UNTRUSTED("TREFOIL-CRT-0004", "证书不是由受信任的机构签发的。", "The certificate was not issued by a trusted authority."),
    /** The certificate, or one above it, is not valid now. */
    NOT_VALID_NOW("TREFOIL-CRT-0005", "证书已过期或尚未生效。", "The certificate has expired or is not valid yet."),
    /** The certificate, or one above it, was revoked. */
    REVOKED("TREFOIL-CRT-0006", "证书已被吊销。", "The certificate was revoked."),
    /** No current revocation list of an issuer is at hand. */
    REVOCATION_UNKNOWN(
            "TREFOIL-CRT-0007",
            "暂时无法确认证书是否被吊销，请稍后再试或联系信息科。",
            "It cannot be told whether the certificate was revoked. Please try again later."),
    /** Nobody is bound to the certificate. */
    UNBOUND("TREFOIL-CRT-0008", "证书未绑定本系统账号，请联系信息科。", "The certificate belongs to no account here."),
    /** The key is too weak, of a kind that is not accepted, or not meant for signatures. */
    UNSUITABLE("TREFOIL-CRT-0009", "此证书不能用于登录签名。", "This certificate cannot be used to sign in."),
    /** The bound user is disabled, or all the positions have ended. */
    DISABLED(
            "TREFOIL-CRT-0010",
            "您的账号已停用或岗位已结束，请联系信息科。",
            "Your account is disabled or your position has ended. Please ask the information department."),
    /** Trust anchors cannot be read. */
    SETTINGS("TREFOIL-CRT-0020", "证书登录配置有误，请联系信息科。", "Certificate sign-in is not set up correctly.");

    private final String code;
    private final String chinese;
    private final String english;

    CertificateErrorCode(String code, String chinese, String english) {
        this.code = code;
        this.chinese = chinese;
        this.english = english;
    }

    String code() {
        return code;
    }

    String chinese() {
        return chinese;
    }

    String english() {
        return english;
    }
}
